using DisruptorStream.Building;
using DisruptorStream.Testing.Scripts;

namespace DisruptorStream.Conformance.Running;

/// <summary>
/// A processor whose state may be saved between two steps, and that then goes on as another one that has loaded it.
/// </summary>
internal sealed class RestartingRun : IAsyncDisposable
{
    private readonly Func<RunSettings, BuildStep<string>> _pipeline;
    private readonly Restarts<RunSettings> _restarts;

    /// <param name="settings">Where it begins, and into what it goes on.</param>
    /// <param name="pipeline">What it is, with sinks that all of them share.</param>
    public RestartingRun(RunSettings settings, Func<RunSettings, BuildStep<string>> pipeline)
    {
        _pipeline = pipeline;
        _restarts = new Restarts<RunSettings>(settings.Into, settings.StepsPerRestart, new Random(1));
        Processor = pipeline(settings).Build();
        Processor.Start();
    }

    public StreamProcessor<string> Processor { get; private set; }

    /// <summary>To be called after each step. Returns whether there is another processor now.</summary>
    public Task<bool> EndStepAsync() => _restarts.EndStepAsync(Processor, (settings, state) =>
    {
        Processor = _pipeline(settings).Load(state);
        Processor.Start();
    });

    public ValueTask DisposeAsync() => Processor.DisposeAsync();
}
