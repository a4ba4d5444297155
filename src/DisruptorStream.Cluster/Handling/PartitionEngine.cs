using System.Globalization;
using System.Runtime.InteropServices;
using DisruptorStream.Cluster.Owning;
using DisruptorStream.Durability.Plans;
using DisruptorStream.Ingest;
using DisruptorStream.Sources;

namespace DisruptorStream.Cluster.Handling;

/// <summary>The query of one partition: what goes in is handled before the call returns.</summary>
/// <typeparam name="TEvent">The type of the events.</typeparam>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>Equal steps give equal results and equal states, in any process. One caller at a time.</remarks>
internal sealed class PartitionEngine<TEvent, TKey> : IAsyncDisposable
    where TKey : notnull
{
    private readonly StreamProcessor<TEvent, TKey> _processor;
    private readonly PartitionClock _clock = new();
    private readonly IReadOnlyList<string> _inputs;
    private readonly BadRecordPolicy _onBadRecord;
    private EventPublisher<TEvent>[]? _publishers;
    private long _events;
    private long _badRecords;

    /// <param name="plan">The query.</param>
    /// <param name="partition">The partition's number.</param>
    /// <param name="inputs">The names of its inputs.</param>
    /// <param name="from">Where it goes on; null to begin anew.</param>
    public PartitionEngine(
        PartitionPlan<TEvent, TKey> plan, int partition, IReadOnlyList<string> inputs, EngineState? from)
    {
        (Plan, _inputs, _onBadRecord) = (plan, inputs, plan.OnBadRecord);
        Results = new PendingResults<TKey>(plan.Name, from?.NextNumber ?? 1);
        if (plan.Options.DroppedTopic is not null)
            Drops = new PendingDrops<TKey>(plan.Name, partition);
        _clock.MoveTo(from?.ClockTicks ?? 0);
        var step = plan.Query
            .WithName(string.Create(CultureInfo.InvariantCulture, $"{plan.Name}/{partition}"))
            .WithTimeProvider(_clock)
            .To(Results);
        if (Drops is { } drops)
            step = step.DroppedEventsTo(drops);
        if (from is null)
        {
            _processor = step.Build();
            return;
        }

        using var state = from.Open();
        _processor = step.Load(state, from.Plan);
        _publishers = NewPublishers();
    }

    /// <summary>The query.</summary>
    public PartitionPlan<TEvent, TKey> Plan { get; }

    /// <summary>Its plan, laid out as the state is.</summary>
    public StatePlan StatePlan => _processor.StatePlan;

    /// <summary>What came out, and is not in the log yet.</summary>
    public PendingResults<TKey> Results { get; }

    /// <summary>What was left out since the last record of results; null where it has no topic.</summary>
    public PendingDrops<TKey>? Drops { get; }

    /// <summary>The clock of the last tick, in ticks since 1970; 0 before the first.</summary>
    public long ClockTicks => _clock.Ticks;

    /// <summary>Up to which time windows have fired; null for none yet.</summary>
    public long? WatermarkTicks => _processor.WatermarkTicks;

    /// <summary>How many events went in, by this process. Any thread.</summary>
    public long Events => Interlocked.Read(ref _events);

    /// <summary>How many records or events were left out as bad ones, by this process. Any thread.</summary>
    public long BadRecords => Interlocked.Read(ref _badRecords);

    /// <summary>What the query has done. Any thread, also at and behind its end.</summary>
    public ProcessorStats GetStats() => _processor.GetStats();

    /// <summary>Moves the clock. It comes before all else.</summary>
    /// <exception cref="PipelineException">The query has failed.</exception>
    public void Tick(long ticks)
    {
        _clock.MoveTo(ticks);
        Drops?.MoveTo("", ticks);
        _publishers ??= NewPublishers();
        _processor.Advance();
    }

    /// <summary>Handles a record of an input.</summary>
    /// <exception cref="BadInputException">It is bad, and bad ones are not left out.</exception>
    /// <exception cref="PipelineException">The query has failed.</exception>
    public void Handle(int input, InputRecord<TEvent> record)
    {
        var publishers = _publishers
            ?? throw new InvalidDataException("The order begins with a record, and no tick is before it.");
        Drops?.MoveTo(_inputs[input], record.Position);
        if (record.Failure is { } failure)
            LeaveOut(input, record, failure);
        var done = 0;
        var events = CollectionsMarshal.AsSpan(record.Events);
        while (done < events.Length)
        {
            try
            {
                publishers[input].Publish(events[done..]);
                Interlocked.Add(ref _events, events.Length - done);
                done = events.Length;
            }
            catch (Exception exception) when (exception is not StreamProcessorException)
            {
                var taken = PublishedCount.Of(exception);
                Interlocked.Add(ref _events, taken);
                done += taken + 1;
                LeaveOut(input, record, exception);
            }
        }

        if (record.WatermarkTicks is long.MaxValue)
            publishers[input].Complete();
        else if (record.WatermarkTicks is { } watermark)
            publishers[input].AdvanceWatermark(watermark);
    }

    /// <summary>Writes the state: all that was handled so far.</summary>
    public Task SaveAsync(Stream state, CancellationToken cancellationToken) =>
        _processor.SaveStateAsync(state, cancellationToken);

    /// <summary>Takes over what another query has not yet in the log, and what it has counted.</summary>
    public void GoOnFrom(PartitionEngine<TEvent, TKey> before)
    {
        Results.GoOnFrom(before.Results);
        _events = before.Events;
        _badRecords = before.BadRecords;
    }

    /// <summary>Ends the query, without further results.</summary>
    public ValueTask DisposeAsync() => _processor.DisposeAsync();

    private EventPublisher<TEvent>[] NewPublishers()
    {
        var publishers = new EventPublisher<TEvent>[_inputs.Count];
        for (var input = 0; input < publishers.Length; input++)
            publishers[input] = _processor.CreateEventPublisher(_inputs[input]);
        return publishers;
    }

    private void LeaveOut(int input, InputRecord<TEvent> record, Exception failure)
    {
        if (_onBadRecord == BadRecordPolicy.Stop)
        {
            throw new BadInputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The record at {record.Position} of {_inputs[input]} cannot be handled: {failure.Message} Mend "
                    + $"what reads it, or set OnBadRecord to Skip."),
                failure);
        }

        Interlocked.Increment(ref _badRecords);
        Drops?.AddBad(failure);
    }
}
