using System.Diagnostics.CodeAnalysis;
using DisruptorStream.Events;
using DisruptorStream.Ingest.Sources;
using DisruptorStream.Slots;

namespace DisruptorStream.Ingest;

/// <summary>One source of events, with a watermark of its own.</summary>
/// <remarks>
/// Any number of threads may share a publisher; in Inline execution one at a time. A source that has sent nothing yet
/// holds the combined watermark back, until it sends, is idle, completes or is disposed.
/// </remarks>
public abstract class SourcePublisher : IDisposable
{
    private readonly EventRing _ring;
    private readonly SourceRegistry _registry;
    private int _isDisposed;

    private protected SourcePublisher(string name, EventRing ring, SourceRegistry registry)
    {
        Name = name;
        _ring = ring;
        _registry = registry;
        SourceId = (ushort)registry.Register(name);
        try
        {
            PublishControl(SlotKind.SourceRegistered);
        }
        catch
        {
            registry.ReleaseName(SourceId);
            registry.ReleaseNumber(SourceId);
            throw;
        }
    }

    /// <summary>The source's name.</summary>
    public string Name { get; }

    /// <summary>The number that its slots carry.</summary>
    internal ushort SourceId { get; }

    /// <summary>
    /// States that this source sends no further event before a time. One that goes back is ignored and counted.
    /// </summary>
    /// <param name="ticks">In ticks of 100 ns since the Unix epoch, exclusive.</param>
    /// <exception cref="ObjectDisposedException">The publisher was disposed.</exception>
    /// <exception cref="ProcessorStoppedException">The processor takes no more.</exception>
    public void AdvanceWatermark(long ticks) => PublishControl(SlotKind.SourceWatermark, ticks);

    /// <inheritdoc cref="AdvanceWatermark(long)"/>
    /// <param name="time">No further event is before this.</param>
    public void AdvanceWatermark(DateTimeOffset time) => AdvanceWatermark(time.UtcTicks - DateTime.UnixEpoch.Ticks);

    /// <summary>The others no longer wait for this source, until it sends again.</summary>
    /// <inheritdoc cref="AdvanceWatermark(long)" path="/exception"/>
    public void MarkIdle() => PublishControl(SlotKind.SourceIdle);

    /// <summary>The source counts again, with the watermark that it had.</summary>
    /// <inheritdoc cref="AdvanceWatermark(long)" path="/exception"/>
    public void MarkActive() => PublishControl(SlotKind.SourceActive);

    /// <summary>The source has ended for good. When every source has, the input ends and all windows fire.</summary>
    /// <inheritdoc cref="AdvanceWatermark(long)" path="/exception"/>
    public void Complete() => PublishControl(SlotKind.SourceCompleted);

    /// <summary>
    /// Takes the source out of the set, as if it had never been; its name is free at once. Any further call does
    /// nothing.
    /// </summary>
    /// <remarks>
    /// Never waits and never throws. Where there is no room in the ring, or the caller is a sink, the source goes as
    /// soon as there is room, or the sink has returned.
    /// </remarks>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return;
        _registry.ReleaseName(SourceId);
        _registry.Removals.Add(SourceId);
        _registry.Removals.Publish(_ring);
        GC.SuppressFinalize(this);
    }

    private protected void ThrowIfDisposed()
    {
        if (Volatile.Read(ref _isDisposed) != 0)
            ThrowDisposed();
    }

    // The message alone: with a name of the object, the framework adds a line for it.
    [DoesNotReturn]
    private void ThrowDisposed() => throw new ObjectDisposedException(
        objectName: null,
        $"The publisher '{Name}' was disposed, so its source is gone; get a new one from CreatePublisher of the "
        + "processor, and dispose it after its last call.");

    private void PublishControl(SlotKind kind, long ticks = 0)
    {
        ThrowIfDisposed();

        // A claim of the ordinary kind: once the processor stops, a source has nothing more to say.
        var range = _ring.Claim(1);
        _ring.PublishAs(range, kind, ticks, SourceId);
    }
}
