using System.Diagnostics;
using DisruptorStream.Emission;
using DisruptorStream.Ingest;
using DisruptorStream.Pipeline.Lifecycle;

namespace DisruptorStream.Sources.Reading;

/// <summary>Publishes what was read, each event once, whatever the selectors throw.</summary>
internal abstract class PublishingPump<TEvent> : SourcePump
{
    private static readonly TimeSpan RejectionInterval = TimeSpan.FromSeconds(10);

    private readonly EventPublisher<TEvent> _publisher;
    private long _published;
    private long _rejected;
    private long _toldRejected;
    private long _toldTimestamp;

    /// <param name="publisher">The source.</param>
    /// <param name="feed">The processor.</param>
    /// <param name="options">How it is read.</param>
    protected PublishingPump(EventPublisher<TEvent> publisher, SourceFeed feed, SourceOptions options)
        : base(publisher.Name, feed, options)
    {
        _publisher = publisher;
        Batch = new SourceBatch<TEvent>(options.BatchEvents, options.OnBadRecord);
    }

    /// <summary>What was read last.</summary>
    protected SourceBatch<TEvent> Batch { get; }

    /// <summary>The number of the source.</summary>
    protected int Source => _publisher.SourceId;

    protected override SourceReaderStats AddTo(SourceReaderStats stats) => stats with
    {
        EventsPublished = Interlocked.Read(ref _published),
        RecordsRejected = Interlocked.Read(ref _rejected),
    };

    protected override void OnCompleted() => _publisher.Complete();

    /// <summary>
    /// Publishes the events of the batch, from one on. Those that cannot be are left out, or waited for.
    /// </summary>
    /// <param name="from">The first.</param>
    /// <param name="cancellationToken">Ends the waits.</param>
    /// <exception cref="Exception">The processor has ended.</exception>
    protected async ValueTask PublishAsync(int from, CancellationToken cancellationToken)
    {
        NoteRejected(Batch.Rejected, Batch.FirstRejected);
        for (var done = from; done < Batch.Count;)
        {
            try
            {
                await _publisher.PublishAsync(Batch.Events[done..], cancellationToken).ConfigureAwait(false);
                Interlocked.Add(ref _published, Batch.Count - done);
                done = Batch.Count;
            }
            catch (Exception failure)
            {
                var taken = PublishedCount.Of(failure);
                Interlocked.Add(ref _published, taken);
                done += taken;
                if (IsEnd(failure, cancellationToken))
                    throw;
                if (IsHeld(failure) || Options.OnBadRecord == BadRecordPolicy.Stop)
                {
                    await WaitAfterAsync(failure, cancellationToken).ConfigureAwait(false);
                    continue;
                }

                NoteRejected(1, $"what reads an event threw {failure.GetType().Name}: {failure.Message.TrimEnd('.')}");
                OnLeftOut(++done);
            }
        }
    }

    /// <summary>An event of the batch was left out: it takes no slot.</summary>
    /// <param name="handled">How many events of the batch are done with, that one included.</param>
    protected abstract void OnLeftOut(int handled);

    /// <summary>Whether it is no fault of the event.</summary>
    private static bool IsHeld(Exception failure) => failure is EngineHeldException or ResultBufferFullException;

    private void NoteRejected(int count, string? first)
    {
        if (count == 0)
            return;
        var rejected = Interlocked.Add(ref _rejected, count);
        if (_toldRejected > 0 && Stopwatch.GetElapsedTime(_toldTimestamp) < RejectionInterval)
            return;
        RuntimeLog.RecordsRejected(Feed.Logger, Feed.Processor, rejected - _toldRejected, Name, first ?? "");
        _toldRejected = rejected;
        _toldTimestamp = Stopwatch.GetTimestamp();
    }
}
