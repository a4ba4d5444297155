using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Testing.Scripts;

/// <summary>Runs a script once, to the end of input.</summary>
internal sealed class ScriptRun<TEvent, TKey> : IAsyncDisposable
    where TKey : notnull
{
    private readonly RunPlan _plan;
    private readonly Func<ExecutionMode, int, Stream?, (StreamProcessor<TKey>, ScriptSources<TEvent>)> _open;
    private readonly DriverOutputs<TKey> _outputs;
    private readonly Random _random;
    private readonly Restarts<(ExecutionMode Mode, int ShardCount)> _restarts;
    private readonly List<TEvent> _pending = [];
    private string _pendingSource = "";
    private StreamProcessor<TKey> _processor;
    private ScriptSources<TEvent> _sources;
    private int _batchSize;

    /// <param name="plan">The way to run it.</param>
    /// <param name="open">Builds the processor anew, or from a saved state, and its sources.</param>
    /// <param name="outputs">The clock, and what comes out.</param>
    public ScriptRun(
        RunPlan plan,
        Func<ExecutionMode, int, Stream?, (StreamProcessor<TKey>, ScriptSources<TEvent>)> open,
        DriverOutputs<TKey> outputs)
    {
        _plan = plan;
        _open = open;
        _outputs = outputs;
        _random = new Random(plan.Seed);
        _restarts = new Restarts<(ExecutionMode Mode, int ShardCount)>(plan.Restarts, plan.StepsPerRestart, _random);
        (_processor, _sources) = open(plan.Mode, plan.ShardCount, null);
    }

    /// <summary>Whether the state can be saved: the keys need a codec.</summary>
    public bool CanRestart => _processor.CanSaveState;

    public ValueTask DisposeAsync() => _processor.DisposeAsync();

    /// <summary>What it did, a line for each pane and each dropped event, to the bit.</summary>
    public async Task<List<string>> RunAsync(IReadOnlyList<ScriptStep<TEvent>> steps)
    {
        // All at once: everything is in the ring before the workers start.
        if (_plan.MostEvents != 0)
            _processor.Start();
        _batchSize = NextSize();
        foreach (var step in steps)
        {
            if (step.Kind != ScriptStepKind.Event)
            {
                HandOver();
                Control(step);
                await RestartAsync().ConfigureAwait(false);
                continue;
            }

            if (!string.Equals(_pendingSource, step.Source, StringComparison.Ordinal))
                HandOver();
            _pendingSource = step.Source;
            _pending.Add(step.Event!);
            if (_pending.Count < _batchSize)
                continue;
            HandOver();
            await _processor.FlushAsync().ConfigureAwait(false);
            await RestartAsync().ConfigureAwait(false);
            _batchSize = NextSize();
        }

        HandOver();
        await _processor.StopAsync(StopMode.Complete).ConfigureAwait(false);
        return Lines();
    }

    /// <summary>Goes on with another processor, where the plan says so.</summary>
    private Task<bool> RestartAsync() => _restarts.EndStepAsync(_processor, (way, state) =>
    {
        (_processor, _sources) = _open(way.Mode, way.ShardCount, state);
        _processor.Start();
    });

    private int NextSize() => _plan.MostEvents switch
    {
        0 => int.MaxValue,
        1 => 1,
        _ => _random.Next(1, _plan.MostEvents + 1),
    };

    private void HandOver()
    {
        if (_pending.Count > 0)
            _sources.Publish(_pendingSource, _pending);
        _pending.Clear();
    }

    private void Control(ScriptStep<TEvent> step)
    {
        if (step.Kind == ScriptStepKind.AdvanceTime)
        {
            _outputs.AdvanceTime(_processor, TimeSpan.FromTicks(step.Ticks));
            return;
        }

        var source = _sources[step.Source];
        if (step.Kind == ScriptStepKind.Watermark)
            source.AdvanceWatermark(step.Ticks);
        else if (step.Kind == ScriptStepKind.Idle)
            source.MarkIdle();
        else if (step.Kind == ScriptStepKind.Active)
            source.MarkActive();
        else if (step.Kind == ScriptStepKind.CompleteSource)
            source.Complete();
    }

    private List<string> Lines()
    {
        var lines = new List<string>();
        foreach (var pane in _outputs.Panes.Results)
            lines.Add(ResultLines<TKey>.LineOf(pane));
        foreach (var dropped in _outputs.Dropped.Dropped)
            lines.Add($"dropped {dropped}");
        return lines;
    }
}
