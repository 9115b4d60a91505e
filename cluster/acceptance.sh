#!/usr/bin/env bash
# Shares of a plan on Slurm (two nodes on loopback, without common locks), HyperQueue, GNU parallel and Snakemake, stores that are merged, and
# the manifest for Kubernetes: all sessions must have the bits of one process. About three minutes. SOFTNESS names the program.
#
# Slurm, bindfs and GNU parallel come from apt, HyperQueue, Snakemake and the validator from PyPI. What cannot be had here is skipped with a line that says so.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
SOFTNESS=$(readlink -f "${SOFTNESS:-$here/../target/release/softness}"); export SOFTNESS
step() { printf '\n== %s (%d s)\n' "$*" $SECONDS; }
fail() { echo "FAILED: $*"; exit 1; }
skip() { echo "skipped: $*"; }

work=$(mktemp -d)
stop_mounts() { for n in n1 n2; do ! mountpoint -q "$work/$n" || fusermount3 -uz "$work/$n" || true; done; }
stop() {
    local status=$?
    [ ! -f "$work/slurmctld.pid" ] || squeue -h -o %A | sort -u | xargs -r scancel || true
    for f in slurmd-n1 slurmd-n2 slurmctld; do [ ! -f "$work/$f.pid" ] || kill "$(cat "$work/$f.pid")" 2>/dev/null || true; done
    stop_mounts
    jobs -p | xargs -r kill 2>/dev/null || true
    # What went wrong can be looked at.
    if [ $status = 0 ]; then rm -rf "$work"; else echo "left: $work"; fi
}
trap stop EXIT
cd "$work"; mkdir -p state spool/n1 spool/n2 logs disk

step "what is here"
slurm=yes
if ! command -v slurmctld >/dev/null || ! command -v slurmd >/dev/null || ! command -v bindfs >/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends slurmctld slurmd slurm-client slurm-wlm-basic-plugins bindfs fuse3 parallel >apt.log 2>&1
    then :; else slurm=; skip "Slurm, which needs root and packages from apt"; fi
fi
[ "$(id -u)" = 0 ] || { slurm=; skip "Slurm, whose nodes need root"; }
install() { python3 -m venv "$1" && "$1/bin/pip" install -q --disable-pip-version-check "${@:2}" >"$1.log" 2>&1; }
hq=yes; install venv hyperqueue kubernetes-validate || { hq=; skip "HyperQueue and the check of the manifest, which need packages from PyPI"; }
install snakes snakemake & snakemake=$!    # while others work

cat >study.toml <<'T'
seed = 7
[[level]]
iterations = 1
sessions = 4
[[level]]
iterations = 50
sessions = 4
[[level]]
iterations = 1000
sessions = 2
T
export PLAN=$work/pinned.toml SHARES=4 DATA=synthetic
path=portable; grep -qw avx2 /proc/cpuinfo && path=avx2
"$SOFTNESS" plan study.toml --pin --dataset synthetic --instructions $path 2>/dev/null >pinned.toml
"$SOFTNESS" plan pinned.toml --shares 4
train() { "$SOFTNESS" train --plan "$PLAN" --dataset synthetic "$@"; }
status() { "$SOFTNESS" status "$1" --plan "$PLAN" --shares 4; }
same() { python3 "$here/bits.py" "$1" | cmp - "${2:-reference}" || fail "$1 has other bits than one process"; echo "$1: the bits of one process"; }

step "one process"
train --out one 2>/dev/null
python3 "$here/bits.py" one >reference
[ "$(wc -l <reference)" = 90 ] || fail "ten sessions of nine files each are expected, not $(wc -l <reference) files"
printf 'seed = 9\nevaluate_every = 0\n[network]\ndense = 8\nfilters = [4, 4]\n[[level]]\niterations = 1\nsessions = 40\n' >forty.toml
"$SOFTNESS" plan forty.toml --pin --dataset synthetic --instructions $path 2>/dev/null >forty-pinned.toml
PLAN=forty-pinned.toml train --out forty 2>/dev/null
python3 "$here/bits.py" forty >reference-40

if [ -n "$slurm" ]; then
    step "Slurm: a controller and two nodes"
    export SLURM_CONF=$work/slurm.conf
    sed "s|@WORK@|$work|g" "$here/slurm.conf" >slurm.conf
    slurmctld -c -f slurm.conf
    # One disk, which each node has mounted for itself, so that a lock does not reach from one node to the other.
    mounted=yes; mkdir n1 n2
    for n in n1 n2; do bindfs disk $n 2>/dev/null || mounted=; done
    if [ -z "$mounted" ]; then
        stop_mounts; rmdir n1 n2; ln -s disk n1; ln -s disk n2
        skip "races between nodes that do not share locks, which need FUSE; the nodes share them"
    fi
    for n in n1 n2; do slurmd -N $n -f slurm.conf; done
    for _ in $(seq 400); do [ "$(sinfo -h -p main -t idle -o %D)" = 2 ] && break; sleep .25; done
    [ "$(sinfo -h -p main -t idle -o %D)" = 2 ] || { tail slurm*.log; fail "two nodes must be idle"; }
    # `sbatch --wait` looks every 30 s.
    wait_for() { for _ in $(seq 3000); do [ -z "$(squeue -h -j "$1" -t PD,R,CG,CF 2>/dev/null)" ] && return; sleep .2; done; fail "job $1 does not end"; }
    # The job file, with the store where each node mounts it.
    sed 's|"${STORE:-store}"|"$SLURM_SUBMIT_DIR/$SLURMD_NODENAME/store"|' "$here/slurm.sbatch" >job.sbatch
    submit() { sbatch --parsable --mem-per-cpu=500M --time=5 --array="$1" job.sbatch; }

    step "an array; a task is told to stop, one is requeued"
    job=$(submit 0-3)
    for _ in $(seq 1500); do [ "$(find disk/store/unfinished -name '*.checkpoint' 2>/dev/null | wc -l)" = 2 ] && break; sleep .2; done
    sleep 1
    scancel -b -s USR1 "${job}_1" || true    # the signal arrives; then scancel asks again for a task that has ended
    scontrol requeue "${job}_0"
    wait_for "$job"
    code=$(scontrol show job "${job}_1" | grep -o ' ExitCode=[0-9:]*'); echo "task 1:$code"
    [ "$code" = " ExitCode=138:0" ] || { cat logs/*; fail "a task that was told to stop must end with 138"; }
    code=0; status disk/store || code=$?
    [ $code = 3 ] || fail "status must end with 3 if something is missing, not $code"
    again=$(status disk/store | sed -n 's/^array: //p' || true)
    echo "again: $again"
    [ "$again" = 1 ] || fail "share 1 alone must have work"
    job=$(submit "$again"); wait_for "$job"
    status disk/store || fail "all must be finished"
    grep -h 'resumes after' logs/*.log || fail "nothing resumed from a checkpoint"
    same disk/store

fi

if [ -n "${mounted:-}" ]; then
    step "40 races between nodes that do not share locks"
    for n in 1 2; do PLAN=forty-pinned.toml train --out n$n/race >n$n.log 2>&1 & node[n]=$!; done
    for n in 1 2; do wait "${node[n]}" || { grep -Ev ': done, |: already there, ' n1.log n2.log; fail "node n$n lost a race"; }; done
    grep -h 'tried again' n1.log n2.log || true
    same disk/race reference-40
fi

if [ -n "$hq" ]; then
    step "HyperQueue: a task is killed; run again"
    export STORE=$work/hq WORKERS=2
    venv/bin/python "$here/hq.py" >hq.log 2>&1 & tasks=$!
    for _ in $(seq 3000); do
        victim=$(pgrep -f "$SOFTNESS train .*--out $STORE" | head -1) && [ -n "$(find hq/unfinished -name '*.checkpoint' 2>/dev/null)" ] && break
        sleep .1
    done
    sleep 1; kill -9 "$victim"
    ! wait $tasks || { cat hq.log; fail "a task that was killed must have failed"; }
    code=0; status hq || code=$?
    [ $code = 3 ] || fail "the killed task must have left something, and status ended with $code"
    venv/bin/python "$here/hq.py" >>hq.log 2>&1 || { cat hq.log; fail "the second job must finish"; }
    grep -h 'by HQ_TASK_ID' logs/?.log | sort -u
    status hq || fail "all must be finished"
    same hq
    step "HyperQueue by hyperqueue.sh, with a stand-in for hq over its library"
    mkdir bin; cp "$here/hq" bin/
    tasks() { PATH=$work/bin:$work/venv/bin:$PATH PLAN=$work/forty-pinned.toml STORE=$work/by-hq bash "$here/hyperqueue.sh" "$@" >by-hq.log 2>&1; }
    tasks 1,3 || { cat by-hq.log; fail "tasks 1 and 3"; }
    array=$("$SOFTNESS" status by-hq --plan forty-pinned.toml --shares 4 | sed -n 's/^array: //p' || true)
    [ "$array" = 0,2 ] || fail "shares 0 and 2 must have work, not $array"
    tasks || { cat by-hq.log; fail "all tasks"; }
    same by-hq reference-40
    step "the manifest for Kubernetes"
    venv/bin/kubernetes-validate --strict -k 1.33 "$here/kubernetes.yaml"
fi

step "GNU parallel and Snakemake"
export PLAN=forty-pinned.toml
if command -v parallel >/dev/null; then
    STORE=by-parallel bash "$here/parallel.sh" --jobs 2 >parallel.log 2>&1 || { cat parallel.log; fail "GNU parallel"; }
    same by-parallel reference-40
else
    skip "GNU parallel, which is not installed"
fi
if wait $snakemake; then
    STORE=by-snakemake snakes/bin/snakemake --quiet all --cores 2 --snakefile "$here/Snakefile" >snakemake.log 2>&1 \
        || { cat snakemake.log; fail "Snakemake"; }
    same by-snakemake reference-40
else
    skip "Snakemake, which needs packages from PyPI"
fi

step "two stores are merged; what does not belong is refused"
for k in 1 2; do SGE_TASK_ID=$k train --shares 2 --out host$k 2>/dev/null & shares[k]=$!; done
for k in 1 2; do wait "${shares[k]}" || fail "share $k"; done
"$SOFTNESS" merge host1 host2 --into merged --plan "$PLAN"; same merged reference-40
"$SOFTNESS" plan forty.toml --pin --dataset synthetic --instructions portable 2>/dev/null >other.toml
sed -i 's/^learning_rate = .*/learning_rate = 0.0002/' other.toml
"$SOFTNESS" train --plan other.toml --dataset synthetic --out other --session 1-1 2>/dev/null
code=0; "$SOFTNESS" merge other --into merged --plan "$PLAN" || code=$?
[ $code = 2 ] || fail "another study must be refused with 2, not $code"
same merged reference-40
export PLAN=$work/pinned.toml

step "a wrong data set and a wrong program are refused with 2"
sed 's/^dataset = "......../dataset = "00000000/' "$PLAN" >elsewhere.toml
mkdir empty
code=0; (cd empty && env -i PATH="$PATH" "$SOFTNESS" train --plan ../elsewhere.toml --out s) || code=$?
[ $code = 2 ] || fail "another data set must be refused with 2, not $code"
sed 's/^training_code = .*/training_code = 1/' "$PLAN" >old.toml
code=0; "$SOFTNESS" train --plan old.toml --dataset synthetic --out s || code=$?
[ $code = 2 ] || fail "another training code must be refused with 2, not $code"

step "a session that diverges is tried once"
printf 'seed = 1\noptimiser = "sgd"\nlearning_rate = 1e9\n[[level]]\niterations = 60\nsessions = 1\n' >wild.toml
"$SOFTNESS" plan wild.toml --pin --dataset synthetic --instructions $path 2>/dev/null >wild-pinned.toml
for again in "" "" --retry-failed; do
    # shellcheck disable=SC2086 # nothing, or one word
    code=0; "$SOFTNESS" train --plan wild-pinned.toml --dataset synthetic --shares 1 --share 0 --out wild $again 2>wild.log || code=$?
    [ $code = 1 ] || fail "a session that fails must give 1, not $code"
    grep 'failed:' wild.log | head -1
done
code=0; array=$("$SOFTNESS" status wild --plan wild-pinned.toml --shares 1) || code=$?
echo "$array"
[ $code = 3 ] && [ "$(sed -n 's/^array: //p' <<<"$array")" = "" ] || fail "a failed session is missing, and is no work"

step "all that could be tried here has passed"
