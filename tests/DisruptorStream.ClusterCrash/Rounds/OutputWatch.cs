using System.Diagnostics;
using System.Globalization;
using DisruptorStream.Cluster;
using DisruptorStream.Cluster.Logs;

namespace DisruptorStream.ClusterCrash.Rounds;

/// <summary>Follows the results of a partition, and notes who owns it and when something new came.</summary>
internal sealed class OutputWatch
{
    private readonly Lock _gate = new();
    private long _takenAt;
    private long _newAt;

    /// <summary>The process of its owner; 0 for none yet.</summary>
    public int Owner { get; private set; }

    /// <summary>Follows it until the token ends it.</summary>
    public async Task FollowAsync(IPartitionLogStore logs, string topic, int partition, CancellationToken end)
    {
        try
        {
            await using var log = await logs.OpenAsync(topic, partition, end);
            await foreach (var entry in log.ReadAsync(0, follow: true, end))
                Note(entry.Record);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // It is over.
        }
    }

    /// <summary>What comes from now on is new.</summary>
    public void Reset()
    {
        lock (_gate)
            (_takenAt, _newAt) = (0, 0);
    }

    /// <summary>How long after a moment it had a new owner, and a new result; null where it has none yet.</summary>
    public (TimeSpan Taken, TimeSpan New)? Since(long start)
    {
        lock (_gate)
        {
            return _newAt == 0
                ? null
                : (Stopwatch.GetElapsedTime(start, _takenAt), Stopwatch.GetElapsedTime(start, _newAt));
        }
    }

    private void Note(LogRecord record)
    {
        lock (_gate)
        {
            // Such as "machine-4711-0123…": machines have '-' in their names too.
            if (record.Header(PartitionHeaders.Owner)?.Split('-') is [.., var process, _])
            {
                Owner = int.Parse(process, CultureInfo.InvariantCulture);
                _takenAt = Stopwatch.GetTimestamp();
            }

            if (_takenAt != 0 && _newAt == 0 && record.Header(PartitionHeaders.Count) is not "0")
                _newAt = Stopwatch.GetTimestamp();
        }
    }
}
