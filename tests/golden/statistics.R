# Golden values for fits, tests and curves, by R's own functions.
#
#     Rscript tests/golden/statistics.R > tests/golden/statistics.json
#
# Needs only base R. Norris, Misra1a and DanWood come from NIST's Statistical Reference Datasets, and cars from R. The
# others are simulated here and rounded, so that every program reads the same numbers.

# -- JSON, to 17 digits ------------------------------------------------------------------------------
json <- function(value) {
  if (is.null(value)) return("null")
  if (is.list(value)) {
    parts <- vapply(value, json, "")
    if (is.null(names(value))) return(paste0("[", paste(parts, collapse = ","), "]"))
    return(paste0("{", paste0("\"", names(value), "\":", parts, collapse = ","), "}"))
  }
  if (is.character(value)) return(paste0("\"", value, "\""))
  text <- ifelse(is.finite(value), sprintf("%.17g", value), "null")
  if (length(value) == 1 && is.null(attr(value, "many"))) text else paste0("[", paste(text, collapse = ","), "]")
}
many <- function(values) structure(as.numeric(values), many = TRUE)
pair <- function(values) many(unname(values))

# -- the sets ----------------------------------------------------------------------------------------
set.seed(2019)
paper <- c(1, 1, 1, 2000, 2000, 2000, 10000, 10000, 30000, 30000, 50000)
sets <- list(
  norris = list(
    x = c(0.2, 337.4, 118.2, 884.6, 10.1, 226.5, 666.3, 996.3, 448.6, 777.0, 558.2, 0.4, 0.6, 775.5, 666.9, 338.0, 447.5,
          11.6, 556.0, 228.1, 995.8, 887.6, 120.2, 0.3, 0.3, 556.8, 339.1, 887.2, 999.0, 779.0, 11.1, 118.3, 229.2, 669.1,
          448.9, 0.5),
    y = c(0.1, 338.8, 118.1, 888.0, 9.2, 228.1, 668.5, 998.5, 449.1, 778.9, 559.2, 0.3, 0.1, 778.1, 668.8, 339.3, 448.9,
          10.8, 557.7, 228.3, 998.0, 888.8, 119.6, 0.3, 0.6, 557.6, 339.3, 888.0, 998.5, 778.9, 10.2, 117.6, 228.9, 668.4,
          449.2, 0.2)),
  misra1a = list(
    x = c(77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0),
    y = c(10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.40, 75.47, 81.78)),
  danwood = list(x = c(1.309, 1.471, 1.490, 1.565, 1.611, 1.680), y = c(2.138, 3.421, 3.597, 4.340, 4.882, 5.660)),
  cars = list(x = cars$speed, y = cars$dist),
  ties = list(x = paper, y = round(exp(1 - 0.1 * log(paper) + rnorm(11, 0, 0.1)), 6)),
  leverage = list(x = c(1:10, 40), y = round(3 + 0.2 * c(1:10, 40) + rnorm(11, 0, 0.5), 6)),
  unequal = list(x = 1:30, y = round(9 + 0.5 * (1:30) + 0.1 * (1:30) * rnorm(30), 6)))

# -- lines -------------------------------------------------------------------------------------------
line <- function(x, y, form) {
  sx <- if (form == "power") log(x) else x
  sy <- if (form == "linear") y else log(y)
  back <- if (form == "linear") identity else exp
  data <- data.frame(sx = sx, sy = sy)
  model <- lm(sy ~ sx, data)
  e <- resid(model); n <- length(x); s <- summary(model)
  at <- c(min(x), mean(x), 1.5 * max(x))
  new <- data.frame(sx = if (form == "power") log(at) else at)
  jacobian <- if (form == "linear") 0 else sum(log(y))
  aic <- AIC(model) + 2 * jacobian
  without <- sapply(seq_along(x), function(i) back(predict(lm(sy ~ sx, data[-i, ]), data[i, ])))
  levels <- sort(unique(x))
  # A line through a single level has no slope: R gives NA, written as null in JSON.
  slopes <- sapply(levels, function(l) unname(coef(lm(sy ~ sx, data[x != l, ]))[2]))
  means <- lm(sy ~ factor(sx), data)
  lof <- if (length(levels) < n && length(levels) > 2) anova(model, means) else NULL
  quadratic <- summary(lm(sy ~ poly(sx, 2)))$coefficients
  bp <- n * summary(lm(e^2 ~ sx))$r.squared
  sw <- shapiro.test(e)
  list(form = form,
    slope = s$coefficients[2, 1], slope_std_err = s$coefficients[2, 2], intercept = s$coefficients[1, 1],
    intercept_std_err = s$coefficients[1, 2], r = cor(sx, sy), r_squared = s$r.squared, t = s$coefficients[2, 3],
    p_value = s$coefficients[2, 4], residuals = many(e),
    intercept_t = s$coefficients[1, 3], intercept_p_value = s$coefficients[1, 4],
    slope_95 = pair(confint(model)[2, ]), intercept_90 = pair(confint(model, level = 0.9)[1, ]),
    at = many(at),
    confidence_low = many(back(predict(model, new, interval = "confidence"))[, 2]),
    confidence_high = many(back(predict(model, new, interval = "confidence"))[, 3]),
    prediction_low = many(back(predict(model, new, interval = "prediction", level = 0.99))[, 2]),
    prediction_high = many(back(predict(model, new, interval = "prediction", level = 0.99))[, 3]),
    residual_std_err = s$sigma, adjusted_r_squared = s$adj.r.squared,
    f = unname(s$fstatistic[1]), f_p_value = anova(model)[1, 5],
    log_likelihood = as.numeric(logLik(model)) - jacobian, aic = aic, aicc = aic + 2 * 3 * 4 / (n - 4),
    bic = BIC(model) + 2 * jacobian,
    rmse = sqrt(mean((y - back(fitted(model)))^2)), leave_one_out = sqrt(mean((y - without)^2)),
    leverages = many(hatvalues(model)), standardised = many(rstandard(model)),
    normal_scores = many(qqnorm(rstandard(model), plot.it = FALSE)$x),
    studentised = many(rstudent(model)), cooks = many(cooks.distance(model)),
    levels = many(levels), slopes_without = many(slopes),
    lack_of_fit = if (is.null(lof)) NULL else many(c(lof$F[2], lof$`Pr(>F)`[2])),
    quadratic = many(quadratic[3, 3:4]),
    breusch_pagan = many(c(bp, pchisq(bp, 1, lower.tail = FALSE))),
    shapiro = many(c(sw$statistic, sw$p.value)))
}

lines <- lapply(names(sets), function(name) {
  x <- sets[[name]]$x; y <- sets[[name]]$y
  list(name = name, x = many(x), y = many(y), fits = lapply(c("linear", "exponential", "power"), function(f) line(x, y, f)))
})

# -- ranks, normality, multiplicity ------------------------------------------------------------------
ranks <- lapply(1:8, function(i) {
  n <- c(4, 5, 6, 7, 8, 9, 20, 30)[i]
  x <- round(rnorm(n), 6); y <- round(0.6 * x + rnorm(n), 6)
  list(x = many(x), y = many(y),
    spearman = many(unlist(cor.test(x, y, method = "spearman", exact = TRUE)[c("estimate", "p.value")])),
    kendall = many(unlist(cor.test(x, y, method = "kendall", exact = TRUE)[c("estimate", "p.value")])))
})
# With ties, by the normal approximation without continuity correction.
tied <- lapply(1:3, function(i) {
  x <- rep(1:(8 + i), each = 3); y <- round(0.2 * x + rnorm(length(x)), 0)
  k <- suppressWarnings(cor.test(x, y, method = "kendall", exact = FALSE, continuity = FALSE))
  list(x = many(x), y = many(y), kendall = many(unlist(k[c("estimate", "p.value")])),
    spearman_rho = cor(x, y, method = "spearman"), spearman_p = cor.test(rank(x), rank(y))$p.value)
})
shapiro <- lapply(list(rnorm(3), rnorm(4), runif(5), rexp(7), rnorm(11), rexp(11), rnorm(12), rt(40, 2), rnorm(500), rexp(5000)),
  function(v) { v <- round(v, 6); s <- shapiro.test(v); list(values = many(v), w = unname(s$statistic), p = s$p.value) })
p <- c(0.01, 0.02, 0.03, 0.04, 0.05, 0.04, 1e-5, 0.9, 0.7, 0.011, 2e-5, 0.3)
adjusted <- list(p = many(p), holm = many(p.adjust(p, "holm")), bh = many(p.adjust(p, "BH")))

# -- curves, by non-linear least squares on the original scale ---------------------------------------
x1 <- rep(c(0, 1, 2, 3, 5, 8, 12, 20, 30, 50), 2)
x2 <- rep(c(0.5, 1, 2, 3, 5, 8, 12, 20, 30, 50, 100), 2)
approach <- list(x = x1, y = round(2 + 3 * (1 - exp(-x1 / 6)) + rnorm(20, 0, 0.1), 6))
hill <- list(x = x2, y = round(1 + 4 * x2^1.5 / (10^1.5 + x2^1.5) + rnorm(22, 0, 0.05), 6))
curve <- function(name, set, kind, formula, start) {
  model <- nls(formula, data.frame(x = set$x, y = set$y), start = start,
    control = nls.control(maxiter = 500, tol = 1e-7, minFactor = 1e-12, nDcentral = TRUE))
  table <- summary(model)$coefficients
  list(name = name, curve = kind, x = many(set$x), y = many(set$y),
    parameters = many(table[, 1]), std_errs = many(table[, 2]), ssr = deviance(model),
    log_likelihood = as.numeric(logLik(model)), aic = AIC(model), bic = BIC(model))
}
curves <- list(
  curve("misra1a", sets$misra1a, "approach_from_zero", y ~ b * (1 - exp(-x / c)), list(b = 240, c = 1800)),
  curve("danwood", sets$danwood, "power", y ~ a * x^b, list(a = 0.7, b = 4)),
  curve("cars", sets$cars, "power", y ~ a * x^b, list(a = 1, b = 1.5)),
  curve("cars", sets$cars, "exponential", y ~ a * exp(b * x), list(a = 8, b = 0.1)),
  curve("unequal", sets$unequal, "exponential", y ~ a * exp(b * x), list(a = 9, b = 0.03)),
  curve("approach", approach, "approach", y ~ a + b * (1 - exp(-x / c)), list(a = 2, b = 3, c = 6)),
  curve("hill", hill, "hill", y ~ a + b * x^h / (c^h + x^h), list(a = 1, b = 4, c = 10, h = 1.5)))

cat(json(list(versions = list(R = as.character(getRversion())), lines = lines, ranks = ranks, tied = tied,
  shapiro = shapiro, adjusted = adjusted, curves = curves)))
