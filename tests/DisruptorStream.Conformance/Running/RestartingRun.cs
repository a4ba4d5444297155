using DisruptorStream.Building;

namespace DisruptorStream.Conformance.Running;

/// <summary>
/// A processor whose state may be saved between two steps, and that then goes on as another one that has loaded it.
/// </summary>
internal sealed class RestartingRun : IAsyncDisposable
{
    private readonly RunSettings _settings;
    private readonly Func<RunSettings, BuildStep<string>> _pipeline;
    private readonly Random _random;
    private int _restarts;

    /// <param name="settings">Where it begins, and into what it goes on.</param>
    /// <param name="pipeline">What it is, with sinks that all of them share.</param>
    public RestartingRun(RunSettings settings, Func<RunSettings, BuildStep<string>> pipeline)
    {
        _settings = settings;
        _pipeline = pipeline;
        _random = new Random(1);
        Processor = pipeline(settings).Build();
        Processor.Start();
    }

    public StreamProcessor<string> Processor { get; private set; }

    /// <summary>To be called after each step. Returns whether there is another processor now.</summary>
    public async Task<bool> EndStepAsync()
    {
        if (_settings.Into.Count == 0 || _random.Next(_settings.StepsPerRestart) != 0)
            return false;
        using var state = new MemoryStream();
        await Processor.SaveStateAsync(state);
        await Processor.DisposeAsync();
        state.Position = 0;
        Processor = _pipeline(_settings.Into[_restarts++ % _settings.Into.Count]).Load(state);
        Processor.Start();
        return true;
    }

    public ValueTask DisposeAsync() => Processor.DisposeAsync();
}
