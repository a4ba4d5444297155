using System.Globalization;
using System.Numerics;
using DisruptorStream.Building;
using DisruptorStream.Emission;
using DisruptorStream.Testing.Scripts;

namespace DisruptorStream.Testing;

/// <summary>
/// Checks that a pipeline gives the same results, bit for bit and in the same order, however its input is cut into
/// batches and on whatever threads it runs.
/// </summary>
/// <remarks>
/// The engine promises it; what can break it is code of yours: an aggregate, an assigner, a trigger or a selector that
/// keeps state outside of what it is given, or asks a clock. Sinks of the pipeline get the results of every run.
/// </remarks>
public sealed record SameResults
{
    private const int MostEventsAtOnce = 16;
    private const int LinesAround = 2;
    private const int MostRestarts = 32;

    /// <summary>How many random ways to cut the input are tried in each mode: 0 to 1000. Default 3.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int RandomRuns
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1000);
            field = value;
        }
    }
    = 3;

    /// <summary>What random batches grow from: the same value, the same batches. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// With how many shards Staged is tried: powers of two, 1 to 64, or none. Default 1, 2 and 4.
    /// </summary>
    public IReadOnlyList<int> ShardCounts { get; init; } = [1, 2, 4];

    /// <summary>
    /// Where the clock begins; the guard against events in the future is then as built. Default null: at the Unix
    /// epoch, without the guard.
    /// </summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>Runs a script of keyed events in every way, to the end of input.</summary>
    /// <typeparam name="TKey">The type of the keys.</typeparam>
    /// <param name="pipeline">What the builder gives before <c>Build</c>.</param>
    /// <param name="script">The input.</param>
    /// <returns>The panes, so that they can be held against what they should be.</returns>
    /// <exception cref="StreamTestException">
    /// Two ways give different results; the message says which, and shows the first difference.
    /// </exception>
    public Task<IReadOnlyList<WindowResult<TKey>>> VerifyAsync<TKey>(
        BuildStep<TKey> pipeline, TestScript<TestEvent<TKey>> script)
        where TKey : notnull =>
        VerifyAsync(pipeline, script, static processor => new KeyedSources<TKey>(processor));

    /// <summary>Runs a script of the host's own events in every way, to the end of input.</summary>
    /// <typeparam name="TEvent">The type of the events.</typeparam>
    /// <typeparam name="TKey">The type of the keys.</typeparam>
    /// <inheritdoc cref="VerifyAsync{TKey}"/>
    public Task<IReadOnlyList<WindowResult<TKey>>> VerifyAsync<TEvent, TKey>(
        BuildStep<TEvent, TKey> pipeline, TestScript<TEvent> script)
        where TKey : notnull =>
        VerifyAsync(pipeline, script, static processor => new EventSources<TEvent, TKey>(processor));

    private static void Compare(RunPlan first, List<string> expected, RunPlan plan, List<string> actual)
    {
        var same = 0;
        while (same < expected.Count && same < actual.Count
            && string.Equals(expected[same], actual[same], StringComparison.Ordinal))
        {
            same++;
        }

        if (same == expected.Count && same == actual.Count)
            return;
        throw new StreamTestException(string.Create(
            CultureInfo.InvariantCulture,
            $"The results depend on how the pipeline runs: they differ from line {same + 1} on.")
            + Excerpt(first, expected, same) + Excerpt(plan, actual, same));
    }

    private static string Excerpt(RunPlan plan, List<string> lines, int same)
    {
        var text = $"{Environment.NewLine}{plan}, {lines.Count.ToString(CultureInfo.InvariantCulture)} lines:";
        for (var i = Math.Max(0, same - LinesAround); i < Math.Min(lines.Count, same + LinesAround + 1); i++)
            text += $"{Environment.NewLine}  {lines[i]}";
        return text;
    }

    private async Task<IReadOnlyList<WindowResult<TKey>>> VerifyAsync<TStep, TProcessor, TEvent, TKey>(
        BuildStepBase<TStep, TProcessor, TKey> pipeline,
        TestScript<TEvent> script,
        Func<TProcessor, ScriptSources<TEvent>> open)
        where TStep : BuildStepBase<TStep, TProcessor, TKey>
        where TProcessor : StreamProcessor<TKey>
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(script);
        var plans = Plans(script.Steps.Count);
        var (expected, panes) = await RunAsync(pipeline, script, open, plans[0]).ConfigureAwait(false);
        for (var i = 1; i < plans.Count; i++)
        {
            if (await RunAsync(pipeline, script, open, plans[i]).ConfigureAwait(false) is ({ } actual, _))
                Compare(plans[0], expected!, plans[i], actual);
        }

        return panes;
    }

    /// <returns>Null for the lines where the state of such keys cannot be saved.</returns>
    private async Task<(List<string>? Lines, IReadOnlyList<WindowResult<TKey>> Panes)>
        RunAsync<TStep, TProcessor, TEvent, TKey>(
        BuildStepBase<TStep, TProcessor, TKey> pipeline,
        TestScript<TEvent> script,
        Func<TProcessor, ScriptSources<TEvent>> open,
        RunPlan plan)
        where TStep : BuildStepBase<TStep, TProcessor, TKey>
        where TProcessor : StreamProcessor<TKey>
        where TKey : notnull
    {
        // Each step may come with a source of its own, and a slot each for start and end.
        var capacity = (int)BitOperations.RoundUpToPowerOf2((uint)((2 * script.Steps.Count) + 64));
        var outputs = new DriverOutputs<TKey>(StartTime);
        var run = new ScriptRun<TEvent, TKey>(plan, Open, outputs);
        await using (run.ConfigureAwait(false))
        {
            if (plan.Restarts.Count > 0 && !run.CanRestart)
                return (null, outputs.Panes.Results);
            return (await run.RunAsync(script.Steps).ConfigureAwait(false), outputs.Panes.Results);
        }

        (StreamProcessor<TKey>, ScriptSources<TEvent>) Open(ExecutionMode mode, int shardCount, Stream? state)
        {
            var step = outputs.Prepare(pipeline, mode, shardCount).ChangeOptions(
                options => plan.MostEvents != 0 ? options : options with { RingCapacity = capacity });
            var processor = state is null ? step.Build() : step.Load(state);
            return (processor, open(processor));
        }
    }

    private List<RunPlan> Plans(int steps)
    {
        var plans = new List<RunPlan>();
        AddPlans(plans, ExecutionMode.Inline, 1);
        AddPlans(plans, ExecutionMode.Fused, 1);
        foreach (var shardCount in ShardCounts)
            AddPlans(plans, ExecutionMode.Staged, shardCount);
        AddRestarts(plans, steps);
        return plans;
    }

    /// <summary>
    /// The same with the state saved and loaded in between: after each step where there are few, in one mode and from
    /// each mode into the next.
    /// </summary>
    private void AddRestarts(List<RunPlan> plans, int steps)
    {
        var stepsPerRestart = Math.Max(1, steps / MostRestarts);
        List<(ExecutionMode, int)> modes = [(ExecutionMode.Fused, 1)];
        foreach (var shardCount in ShardCounts)
            modes.Add((ExecutionMode.Staged, shardCount));
        modes.Add((ExecutionMode.Inline, 1));
        plans.Add(new RunPlan(ExecutionMode.Inline, 1, 1, Seed)
        {
            Restarts = [(ExecutionMode.Inline, 1)],
            StepsPerRestart = stepsPerRestart,
        });
        plans.Add(new RunPlan(ExecutionMode.Inline, 1, MostEventsAtOnce, Seed)
        {
            Restarts = modes,
            StepsPerRestart = stepsPerRestart,
        });
    }

    private void AddPlans(List<RunPlan> plans, ExecutionMode mode, int shardCount)
    {
        plans.Add(new RunPlan(mode, shardCount, 1, Seed));
        plans.Add(new RunPlan(mode, shardCount, 0, Seed));
        for (var run = 0; run < RandomRuns; run++)
            plans.Add(new RunPlan(mode, shardCount, MostEventsAtOnce, unchecked(Seed + run)));
    }
}
