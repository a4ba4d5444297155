using System.Reflection;
using DisruptorStream.Durability.Journal;
using DisruptorStream.Durability.Plans.Records;
using DisruptorStream.Durability.Snapshots;
using DisruptorStream.Identities;
using DisruptorStream.Plans;
using DisruptorStream.Topology.Durable.Replay;
using DisruptorStream.Windows.Calendars;

namespace DisruptorStream.Topology.Durable;

/// <summary>A plan, as snapshots and the journal speak of it.</summary>
internal sealed class DurablePlan
{
    private static readonly string Release =
        typeof(DurablePlan).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? "";

    private readonly UInt128 _streamId;
    private readonly TimeProvider _clock;
    private readonly byte[] _record;

    /// <param name="plan">The plan.</param>
    /// <param name="recorded">The same, as the directory is to remember it.</param>
    /// <param name="streamId">The stream in the directory.</param>
    /// <param name="clock">Says when a snapshot is taken.</param>
    public DurablePlan(ProcessorPlan plan, RecordedPlan recorded, UInt128 streamId, TimeProvider clock)
    {
        Plan = plan;
        Id = recorded.Id;
        _record = PlanRecordFormat.Write(recorded);
        _streamId = streamId;
        _clock = clock;
    }

    /// <summary>The plan.</summary>
    public ProcessorPlan Plan { get; }

    /// <summary>Stands for it in headers.</summary>
    public Fingerprint Id { get; }

    /// <summary>The plan as bytes.</summary>
    public ReadOnlyMemory<byte> Record => _record;

    /// <summary>Whose slots the journal is to hold from here on.</summary>
    public JournalIdentity Identity => new(_streamId, Id, Plan.Inputs[0].Layout.FurtherWords);

    /// <summary>Numbers of results by the names of their queries.</summary>
    /// <param name="numbers">In the order of the plan; of queries that are not there nothing is known.</param>
    public QueryNumber[] NumbersOf(IReadOnlyList<long> numbers)
    {
        var named = new QueryNumber[Plan.Queries.Count];
        for (var query = 0; query < named.Length; query++)
            named[query] = new QueryNumber(Plan.Queries[query].Name, query < numbers.Count ? numbers[query] : 0);
        return named;
    }

    /// <summary>How many dropped events of each query have arrived, in the order of the plan.</summary>
    /// <param name="positions">As the journal tells it; nothing, where it tells nothing yet.</param>
    public long[] DroppedOf(IReadOnlyList<long> positions)
    {
        var dropped = new long[Plan.Queries.Count];
        for (var query = 0; query < dropped.Length && dropped.Length + query < positions.Count; query++)
            dropped[query] = positions[dropped.Length + query];
        return dropped;
    }

    /// <summary>Describes a snapshot of an engine as it is now.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="arrived">What the journal has told of results that have arrived.</param>
    /// <param name="ordinal">Of the last frame that is in it.</param>
    public SnapshotInfo InfoOf(ReplayEngine engine, IReadOnlyList<long> arrived, long ordinal) =>
        InfoOf(engine.Sequence, engine.Numbers(), engine.Dropped(), arrived, ordinal);

    /// <summary>Describes a snapshot.</summary>
    /// <param name="sequence">The last slot that is in it.</param>
    /// <param name="numbers">How many results each query had given by then.</param>
    /// <param name="dropped">How many dropped events each query had given by then.</param>
    /// <param name="arrived">What the journal has told of results that have arrived.</param>
    /// <param name="ordinal">Of the last frame that is in it.</param>
    public SnapshotInfo InfoOf(
        long sequence,
        IReadOnlyList<long> numbers,
        IReadOnlyList<long> dropped,
        IReadOnlyList<long> arrived,
        long ordinal) => new()
        {
            StreamId = _streamId,
            Sequence = sequence,
            Plan = Id,
            PlanRecord = _record,
            Results = NumbersOf(numbers),
            Arrived = arrived,
            Dropped = dropped,
            JournalOrdinal = ordinal,
            TakenTicks = _clock.GetUtcNow().UtcTicks - DateTime.UnixEpoch.Ticks,
            TimeZoneVersion = TimeZoneRules.Version,
            Release = Release,
        };
}
