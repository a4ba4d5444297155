using DisruptorStream.Ingest;

namespace DisruptorStream.Tests.Streams.Cases;

/// <summary>The sources of a run: each begins when it is first named.</summary>
internal sealed class SourceSet<TPublisher>
    where TPublisher : SourcePublisher
{
    private readonly TPublisher?[] _publishers = new TPublisher?[StreamCase.Sources];

    public Func<string, TPublisher>? Create { get; set; }

    public TPublisher Of(int source) => _publishers[source] ??= Create!($"source {source}");

    /// <summary>Takes all sources up again that there are, after a load.</summary>
    public void Resume()
    {
        for (var source = 0; source < _publishers.Length; source++)
        {
            if (_publishers[source] is not null)
                _publishers[source] = Create!($"source {source}");
        }
    }

    /// <summary>Does what a step says about a source; true where it was such a step.</summary>
    public bool TryApply(RandomStep step)
    {
        switch (step)
        {
            case RandomStep.Watermark mark:
                Of(mark.Source).AdvanceWatermark(mark.Ticks);
                return true;
            case RandomStep.Idle idle:
                Of(idle.Source).MarkIdle();
                return true;
            case RandomStep.Active active:
                Of(active.Source).MarkActive();
                return true;
            case RandomStep.Remove remove:
                _publishers[remove.Source]?.Dispose();
                _publishers[remove.Source] = null;
                return true;
            default:
                return false;
        }
    }
}
