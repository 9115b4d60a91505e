# Golden values for power, by R's noncentral t distribution, and for variance components, by the mean squares of lm and
# their expectations as traces of projections.
#
#     Rscript tests/golden/design.R > tests/golden/design.json
#
# Needs only base R.

number <- function(value) sprintf("%.17g", value)
array <- function(values) paste0("[", paste(number(values), collapse = ","), "]")

# -- power: both tails of noncentral t ---------------------------------------------------------------
power <- function(levels, k, slope, deviation, alpha) {
  x <- rep(log(levels), each = k)
  df <- length(x) - 2
  ncp <- slope * sqrt(sum((x - mean(x))^2)) / deviation
  critical <- qt(1 - alpha / 2, df)
  pt(-critical, df, ncp) + pt(critical, df, ncp, lower.tail = FALSE)
}
needed <- function(levels, slope, deviation, alpha, target) {
  k <- ceiling(3 / length(levels))
  while (power(levels, k, slope, deviation, alpha) < target) k <- k + 1
  k
}
studies <- list(
  list(levels = c(1, 2000, 10000, 30000, 50000), slope = -0.05, deviation = 0.4, alpha = 0.05),
  list(levels = c(2000, 5000, 10000, 30000, 50000), slope = 0.02, deviation = 0.1, alpha = 0.05),
  list(levels = c(2000, 50000), slope = 0.01, deviation = 0.1, alpha = 0.01),
  list(levels = c(1, 3, 10, 30, 100, 300, 1000, 3000, 10000, 30000), slope = 0.003, deviation = 0.05, alpha = 0.05))
study <- function(s) {
  k <- c(2, 5, 10)
  powers <- sapply(k, function(k) power(s$levels, k, s$slope, s$deviation, s$alpha))
  paste0("{\"levels\":", array(s$levels), ",\"slope\":", number(s$slope), ",\"deviation\":", number(s$deviation),
         ",\"significance\":", number(s$alpha), ",\"sessions\":", array(k), ",\"powers\":", array(powers),
         ",\"needed\":", number(needed(s$levels, s$slope, s$deviation, s$alpha, 0.8)), "}")
}

# -- variance: y(level, session, image) ------------------------------------------------------------
set.seed(2019)
split <- function(sizes, b, sds) {
  a <- length(sizes); n <- sum(sizes)
  level <- rep(seq_len(a), sizes)
  d <- expand.grid(picture = seq_len(b), session = seq_len(n))
  d$level <- level[d$session]
  effect <- function(groups, sd) rnorm(max(groups), 0, sd)[groups]
  cross <- as.integer(interaction(d$level, d$picture))
  d$y <- round(5 + effect(d$level, sds[1]) + effect(d$session, sds[2]) + effect(d$picture, sds[3]) +
               effect(cross, sds[4]) + rnorm(nrow(d), 0, sds[5]), 6)
  f <- data.frame(y = d$y, L = factor(d$level), S = factor(d$session), I = factor(d$picture))
  # Projections onto models of increasing size; their differences give the sums of squares.
  project <- function(formula) { q <- qr(model.matrix(formula, f)); Q <- qr.Q(q)[, seq_len(q$rank)]; Q %*% t(Q) }
  P <- list(one = project(~ 1), L = project(~ L), S = project(~ S), I = project(~ I), LI = project(~ L * I))
  Q <- list(P$L - P$one, P$S - P$L, P$I - P$one, P$LI - P$L - P$I + P$one,
            diag(nrow(f)) - P$S - P$LI + P$L)
  freedom <- sapply(Q, function(q) round(sum(diag(q))))
  ms <- sapply(Q, function(q) drop(t(f$y) %*% q %*% f$y)) / freedom
  # anova must give the same; this checks the projections.
  table <- anova(lm(y ~ L + S + I + L:I, f))
  stopifnot(all.equal(unname(ms), table[["Mean Sq"]], tolerance = 1e-8))
  Z <- list(model.matrix(~ L - 1, f), model.matrix(~ S - 1, f), model.matrix(~ I - 1, f),
            model.matrix(~ L:I - 1, f), diag(nrow(f)))
  # E(mean square i) = sum over j of trace(Q_i Z_j Z_j') / freedom_i times component j.
  E <- sapply(Z, function(z) sapply(Q, function(q) sum(diag(q %*% z %*% t(z))))) / freedom
  components <- solve(E, ms)
  f_of <- function(i, j) c(ms[i] / ms[j], pf(ms[i] / ms[j], freedom[i], freedom[j], lower.tail = FALSE))
  # With unequal numbers of sessions, these two mean squares differ in expectation also without pictures.
  pictures_f <- if (length(unique(sizes)) == 1) array(f_of(3, 4)) else "null"
  rows <- sapply(seq_len(n), function(s) array(d$y[d$session == s]))
  paste0("{\"levels\":", array(level), ",\"y\":[", paste(rows, collapse = ","), "],\"freedom\":", array(freedom),
         ",\"mean_squares\":", array(ms), ",\"components\":", array(components),
         ",\"sessions_f\":", array(f_of(2, 5)), ",\"pictures_f\":", pictures_f, ",\"cross_f\":", array(f_of(4, 5)), "}")
}
splits <- c(split(c(4, 4, 4), 5, c(1, 0.5, 0.8, 0.3, 0.2)), split(c(3, 3, 2, 2, 1), 6, c(1, 0.5, 0.8, 0.3, 0.2)),
            split(c(2, 5), 3, c(0, 0.1, 0, 0, 1)))

cat("{\"versions\":{\"R\":\"", R.version.string, "\"},\n\"power\":[", paste(sapply(studies, study), collapse = ",\n"),
    "],\n\"variance\":[", paste(splits, collapse = ",\n"), "]}\n", sep = "")
