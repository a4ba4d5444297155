using System.Diagnostics;
using DisruptorStream.Events;
using DisruptorStream.Saving;
using DisruptorStream.Telemetry;

namespace DisruptorStream.State;

/// <summary>What one shard counts. One thread writes; others read all of it as of the end of a batch.</summary>
internal sealed class ShardCounters
{
    private const int Version = 2;
    private const int Figures = 11;

    private readonly PublishedCopy<ShardFigures> _figures = new();

    public ref long WindowsOpened => ref _figures.Live.WindowsOpened;

    /// <summary>Read from other threads as it is, for the same reason as <see cref="UserFailures"/>.</summary>
    public ref long WindowsFired => ref _figures.Live.WindowsFired;

    /// <summary>Read from other threads as it is, as <see cref="WindowsFired"/> is.</summary>
    public ref long RetractionsFired => ref _figures.Live.RetractionsFired;

    /// <summary>Fired panes that the query's condition keeps from being shown; read as they are.</summary>
    public ref long WindowsSuppressed => ref _figures.Live.WindowsSuppressed;

    /// <summary>As <see cref="WindowsSuppressed"/>, of retractions.</summary>
    public ref long RetractionsSuppressed => ref _figures.Live.RetractionsSuppressed;

    /// <summary>Of the <see cref="WindowsFired"/>, those that late events caused.</summary>
    public ref long LatePanes => ref _figures.Live.LatePanes;

    public ref long WindowsClosed => ref _figures.Live.WindowsClosed;

    public ref long WindowsEvicted => ref _figures.Live.WindowsEvicted;

    public ref long LateDroppedAssignments => ref _figures.Live.LateDroppedAssignments;

    public ref long WindowLimitDroppedAssignments => ref _figures.Live.WindowLimitDroppedAssignments;

    public ref long EventsInNoWindow => ref _figures.Live.EventsInNoWindow;

    /// <summary>Read from other threads as it is: it must not wait for the end of a batch that fails.</summary>
    public ref long UserFailures => ref _figures.Live.UserFailures;

    /// <summary>The newest exception of the user's own code that no window stands for.</summary>
    public Exception? LastUserFailure { get; private set; }

    public void Drop(DropReason reason, int count = 1) => _figures.Live.Dropped[(int)reason] += count;

    public void NoteUserFailure(Exception exception)
    {
        UserFailures++;
        LastUserFailure = exception;
    }

    /// <summary>
    /// Writes the sums over all shards, how many records have failed, and what weights were left out.
    /// </summary>
    public static void Save(StateWriter writer, ReadOnlySpan<StoreContext> shards)
    {
        Span<long> sums = stackalloc long[Figures + DropCounts.Reasons];
        sums.Clear();
        var (failures, negativeWeights) = (0L, 0L);
        foreach (var shard in shards)
        {
            shard.Counters.AssertInvariants();
            shard.Plan.Failures.AssertInvariants();
            for (var index = 0; index < sums.Length; index++)
                sums[index] += shard.Counters[index];
            failures += shard.Plan.Failures.StateCount;
            negativeWeights += shard.Plan.NegativeWeights.Count;
        }

        writer.Begin(SectionTag.ShardCounts, Version);
        writer.WriteCount(failures);
        writer.WriteCount(negativeWeights);
        writer.WriteCount(sums.Length);
        foreach (var sum in sums)
            writer.WriteCount(sum);
        writer.End();
    }

    /// <summary>Lets the first shard have counted it all.</summary>
    /// <exception cref="StateException">It cannot have been saved.</exception>
    public static void Load(StateReader reader, StoreContext first)
    {
        reader.Begin(SectionTag.ShardCounts, Version);
        first.Plan.Failures.SetCount(reader.ReadNumber(long.MaxValue, "the number of failures"));
        first.Plan.NegativeWeights.SetCount(reader.ReadNumber(long.MaxValue, "the number of negative weights"));
        var counted = reader.ReadCount(1, "counts", Figures + DropCounts.Reasons);
        for (var index = 0; index < counted; index++)
            first.Counters[index] = reader.ReadNumber(long.MaxValue, "a count");
        reader.End();
        first.Counters.Publish();
    }

    /// <summary>That no count is negative.</summary>
    /// <exception cref="InvalidOperationException">It does not hold.</exception>
    public void ThrowIfInconsistent()
    {
        for (var index = 0; index < Figures + DropCounts.Reasons; index++)
            Invariant.Require(this[index] >= 0, "No count is negative.");
    }

    /// <summary>As <see cref="ThrowIfInconsistent"/>, in builds for debugging.</summary>
    [Conditional("DEBUG")]
    public void AssertInvariants() => ThrowIfInconsistent();

    /// <summary>Shows the counts as they are now. Between batches.</summary>
    public void Publish() => _figures.Publish();

    /// <summary>Any thread.</summary>
    public ShardFigures Read() => _figures.Read();

    /// <summary>The counts in the order in which they are saved.</summary>
    private ref long this[int index]
    {
        get
        {
            switch (index)
            {
                case 0:
                    return ref WindowsOpened;
                case 1:
                    return ref WindowsFired;
                case 2:
                    return ref WindowsClosed;
                case 3:
                    return ref WindowsEvicted;
                case 4:
                    return ref LateDroppedAssignments;
                case 5:
                    return ref EventsInNoWindow;
                case 6:
                    return ref UserFailures;
                case 7:
                    return ref WindowLimitDroppedAssignments;
                case 8:
                    return ref RetractionsFired;
                case 9:
                    return ref WindowsSuppressed;
                case 10:
                    return ref RetractionsSuppressed;
                default:
                    return ref _figures.Live.Dropped[index - Figures];
            }
        }
    }
}
