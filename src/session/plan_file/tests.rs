use super::*;

#[test]
fn what_is_left_out_comes_from_the_preset() {
    let plan = parse("preset = \"hvass02\"\n[[level]]\niterations = 5\nsessions = 2\n", "small").unwrap();
    assert_eq!(plan.name(), "small");
    assert_eq!(plan.sessions().len(), 2);
    assert_eq!(plan.training().batch, 64);
}

#[test]
fn instructions_are_stated_or_pinned_and_a_pinned_plan_is_read_as_it_was_written() {
    let level = "[[level]]\niterations = 1\nsessions = 1\n";
    let plan = parse(&format!("instructions = \"avx2\"\n{level}"), "x").unwrap();
    assert_eq!((plan.stated_instructions(), plan.pin()), (Some(InstructionPath::Avx2), None));
    let (_, problem) = parse(&format!("instructions = \"mmx\"\n{level}"), "x").unwrap_err();
    assert!(problem.contains("mmx") && problem.contains("avx512, avx2, neon, portable"), "{problem}");
    for text in [
        level.to_owned(),
        format!("[network]\ninitialisation=\"glorot\"\n{level}"),
        format!(
            "keep=\"filters\"\noptimiser=\"sgd\"\nname='a \"b\"'\n[network]\ninitialisation=\"he\"\n{level}"
        ),
    ] {
        let dataset = crate::dataset::Dataset::tiny();
        let pinned = parse(&format!("batch = 20\n{text}"), "x")
            .unwrap()
            .pinned(&dataset, InstructionPath::Portable)
            .unwrap();
        let again = parse(&pinned.to_toml(), "y").unwrap();
        assert_eq!((again.pin(), again.keys()), (pinned.pin(), pinned.keys()));
        assert_eq!((again.name(), again.levels()), (pinned.name(), pinned.levels()));
        assert_eq!(again.keep(), pinned.keep());
        let shouted = pinned.to_toml().replace(dataset.fingerprint(), &dataset.fingerprint().to_uppercase());
        assert_eq!(parse(&shouted, "x").unwrap().keys(), pinned.keys());
        let text = pinned.to_toml();
        let without: Vec<&str> = text.lines().filter(|line| !line.starts_with("classes")).collect();
        assert_eq!(
            parse(&without.join("\n"), "x").unwrap_err().1,
            "a pinned plan states classes in [network]: pin the plan again"
        );
        let twice = format!("instructions = \"avx2\"\n{}", pinned.to_toml());
        assert_eq!(parse(&twice, "x").unwrap_err().1, "leave instructions out here: those in [pinned] hold");
    }
}

#[test]
fn a_plan_that_cannot_be_trained_on_a_data_set_is_not_pinned() {
    let dataset = crate::dataset::Dataset::tiny();
    let plan = parse("batch = 41\n[[level]]\niterations = 1\nsessions = 1\n", "x").unwrap();
    let error = plan.pinned(&dataset, InstructionPath::Portable).unwrap_err().to_string();
    let problem = "batch is 41, but it must lie between 1 and the 40 training images";
    assert!(error.starts_with(problem), "{error}");
}

#[test]
fn every_field_can_be_set() {
    let text = "name='n'\nseed=3\nbatch=7\nlearning_rate=0.5\nevaluate_every=0\n[network]\nfilters=[1,2]\n\
                kernels=[1,3]\ndense=4\ndropout=0.25\nweight_sd=0.5\nbias=0.0\ninput_scale=1.0\nclasses=3\n\
                [[level]]\niterations=1\nsessions=1\n";
    let plan = parse(text, "x").unwrap();
    let training = plan.training();
    assert_eq!((plan.name(), plan.plan_seed()), ("n", 3));
    assert_eq!((training.batch, training.learning_rate, training.evaluate_every), (7, 0.5, 0));
    let network = &training.architecture;
    assert_eq!((network.filters, network.kernels, network.dense), ([1, 2], [1, 3], 4));
    assert_eq!((network.dropout, network.bias), (0.25, 0.0));
    assert_eq!(network.initialisation, Initialisation::Truncated { sd: 0.5 });
    assert_eq!((network.input_scale, network.classes), (1.0, 3));
    let error = plan.for_dataset(&crate::dataset::Dataset::tiny()).unwrap_err().to_string();
    let expected = "number of classes of the plan is 3, but the data set has 10";
    assert!(error.starts_with(expected), "{error}");
}

#[test]
fn initialisation_and_optimiser_have_names() {
    let level = "[[level]]\niterations=1\nsessions=1\n";
    let training = |head: &str| parse(&format!("{head}{level}"), "x").unwrap().training();
    assert_eq!(training(""), Training::paper());
    assert_eq!(training("optimiser='adam'\n[network]\nweight_sd=0.05\n"), Training::paper());
    let sgd = Training::paper().optimiser(Optimiser::Sgd);
    assert_eq!(training("optimiser='sgd'\n"), sgd);
    assert_eq!(
        training("optimiser='sgd'\n[network]\ninitialisation='he'\n"),
        sgd.initialisation(Initialisation::He)
    );
    assert_eq!(
        training("preset='deep_mnist'\n[network]\ninitialisation='glorot'\n"),
        Training::deep_mnist().initialisation(Initialisation::Glorot)
    );
}

#[test]
fn each_session_keeps_the_snapshots_up_to_its_end() {
    let levels = "[[level]]\niterations=9\nsessions=1\n[[level]]\niterations=30\nsessions=1\n";
    let plan = |head: &str| parse(&format!("{head}{levels}"), "x").unwrap();
    let kept = |head: &str| plan(head).sessions().into_iter().map(|(_, training)| training.snapshots);
    let at = |iterations: &[u64]| Snapshots::from(iterations);
    assert!(kept("").eq([Snapshots::None, Snapshots::None]));
    assert!(kept("snapshots = false\n").eq([Snapshots::None, Snapshots::None]));
    assert!(kept("snapshots = true\n").eq([Snapshots::LogSpaced, Snapshots::LogSpaced]));
    assert!(kept("snapshots = [3, 20]\n").eq([at(&[3]), at(&[3, 20])]));
    assert!(kept("snapshots = [20]\n").eq([Snapshots::None, at(&[20])]));
    // A pinned plan says so as well, and its keys do not.
    let pinned = |head: &str| {
        let plan = plan(&format!("batch = 20\n{head}"));
        plan.pinned(&crate::dataset::Dataset::tiny(), InstructionPath::Portable).unwrap()
    };
    let keys = |head: &str| pinned(head).keys().unwrap().into_iter().map(|(_, _, key)| key);
    for head in ["snapshots = true\n", "snapshots = [3, 20]\n"] {
        let again = parse(&pinned(head).to_toml(), "y").unwrap();
        assert_eq!(again.training().snapshots, plan(head).training().snapshots);
        assert!(keys(head).eq(keys("")));
    }
    assert!(!pinned("").to_toml().contains("snapshots"));
}

#[test]
fn errors_name_the_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plan.toml");
    for (text, line, word) in [
        ("seed = 1\nsede = 2\n", 2, "sede"),
        (
            "seed = \"x\"\n",
            1,
            "seed: invalid type: string \"x\", but it must be a whole number of at least 0",
        ),
        (
            "[[level]]\niterations = 5\nsessions = 5000000000\n",
            3,
            "sessions: invalid value: integer `5000000000`, but that is too large",
        ),
        (
            "[[level]]\niterations = -2\nsessions = 1\n",
            2,
            "iterations: invalid value: integer `-2`, but it must be a whole number of at least 1",
        ),
        (
            "[network]\nfilters = [16, 36, 64]\n[[level]]\niterations = 1\nsessions = 1\n",
            2,
            "filters is [16, 36, 64], but must have two values, one for each convolutional layer",
        ),
        (
            "[network]\nkernels = [5]\n[[level]]\niterations = 1\nsessions = 1\n",
            2,
            "kernels is [5], but must have two values",
        ),
        ("\npreset = \"papre\"\n[[level]]\niterations=1\nsessions=1", 2, "papre"),
        ("[[level]]\niterations = 5\nsessions = 1\n\n[[level]]\niterations = 5\nsessions = 1\n", 5, "once"),
        ("[[level]]\niterations = 0\nsessions = 1\n", 1, "between 1 and 2147483647"),
        ("[[level]]\niterations = 3000000000\nsessions = 1\n", 1, "between 1 and 2147483647"),
        ("[network]\nkernels = [4, 5]\n[[level]]\niterations = 1\nsessions = 1\n", 2, "odd"),
        (
            "[network]\nfilters = [16, 0]\n[[level]]\niterations = 1\nsessions = 1\n",
            2,
            "filters of layer 2 is 0, but it must lie between 1 and 65536",
        ),
        (
            "[network]\nkernels = [5, 5]\ndense = 0\n[[level]]\niterations = 1\nsessions = 1\n",
            3,
            "dense is 0",
        ),
        ("[network]\n\nclasses = 0\n[[level]]\niterations = 1\nsessions = 1\n", 3, "classes is 0"),
        ("[network]\ndense = 9\ndropout = 1.0\n[[level]]\niterations = 1\nsessions = 1\n", 3, "dropout is 1"),
        (
            "[network]\ndense = 9\nweight_sd = -1.0\n[[level]]\niterations = 1\nsessions = 1\n",
            3,
            "weight_sd is -1",
        ),
        ("[network]\ndense = 9\nbias = nan\n[[level]]\niterations = 1\nsessions = 1\n", 3, "bias is NaN"),
        (
            "[network]\ndense = 9\ninput_scale = 0.0\n[[level]]\niterations = 1\nsessions = 1\n",
            3,
            "input_scale is 0",
        ),
        (
            "seed = 1\n[network]\ndense = 65536\nfilters = [9, 9999]\n[[level]]\niterations = 1\nsessions = 1\n",
            2,
            "number of weights is ",
        ),
        ("optimiser = \"rmsprop\"\n[[level]]\niterations = 1\nsessions = 1\n", 1, "one of adam, sgd"),
        (
            "[network]\ninitialisation = \"lecun\"\n[[level]]\niterations = 1\nsessions = 1\n",
            2,
            "initialisation is \"lecun\", but it must be he or glorot",
        ),
        (
            "[network]\nweight_sd = 0.1\ninitialisation = \"he\"\n[[level]]\niterations = 1\nsessions = 1\n",
            3,
            "leave `weight_sd` out",
        ),
        (
            "\nlearning_rate = nan\n[[level]]\niterations=1\nsessions=1",
            2,
            "learning_rate is NaN, but must be",
        ),
        ("seed = 9007199254740993\n[[level]]\niterations = 1\nsessions = 1\n", 1, "seed"),
        ("snapshots = \"yes\"\n[[level]]\niterations = 9\nsessions = 1\n", 1, "true, false or a list"),
        ("\nsnapshots = [5, 2]\n[[level]]\niterations = 9\nsessions = 1\n", 2, "each must be larger"),
        (
            "\nsnapshots = [5, 20]\n[[level]]\niterations = 9\nsessions = 1\n",
            2,
            "training ends at iteration 9",
        ),
        ("a = [\n", 1, ""),
        (
            "[[level]]\niterations = 1e3\nsessions = 1\n",
            2,
            "iterations: invalid type: floating point `1000.0`, but it must be a whole number of at least 1",
        ),
        ("seed = 1\n", 1, "there is no block [[level]]: a plan has one for each number of iterations"),
        ("seed = 1\n\n[level]\niterations = 5\nsessions = 1\n", 3, "[level] must be [[level]]"),
    ] {
        std::fs::write(&path, text).unwrap();
        let message = Plan::from_file(&path).unwrap_err().to_string();
        assert!(message.contains(&format!("plan.toml: line {line}:")), "{text:?}: {message}");
        assert!(message.contains(word), "{text:?}: {message}");
    }
}

#[test]
fn what_is_no_plan_is_told_by_its_content() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plan.toml");
    for (text, words) in [
        ("", "plan.toml: it is empty, without a block [[level]]: a plan has one for each"),
        (" \n\n", "plan.toml: it is empty"),
        (
            "\u{feff}{\n  \"format\": 1\n}\n",
            "plan.toml: it is JSON, and a plan is a TOML file; if it is the replication.json",
        ),
    ] {
        std::fs::write(&path, text).unwrap();
        let message = Plan::from_file(&path).unwrap_err().to_string();
        assert!(message.contains(words), "{text:?}: {message}");
    }
}
