using DisruptorStream.Cluster.Handling;
using DisruptorStream.Cluster.Logs;

namespace DisruptorStream.Cluster.Owning;

/// <summary>The logs that one owner of a partition has open.</summary>
/// <typeparam name="TEvent">The type of the events.</typeparam>
internal sealed class PartitionLogs<TEvent> : IAsyncDisposable
{
    private readonly List<PartitionInput<TEvent>> _inputs = [];
    private readonly List<string> _names = [];
    private IPartitionLog? _output;

    private PartitionLogs(int partition) => Partition = partition;

    /// <summary>The partition's number.</summary>
    public int Partition { get; }

    /// <summary>Where the results go.</summary>
    public IPartitionLog Output => _output!;

    /// <summary>Where goes what is left out; null for nowhere.</summary>
    public IPartitionLog? Dropped { get; private set; }

    /// <summary>What is read.</summary>
    public IReadOnlyList<PartitionInput<TEvent>> Inputs => _inputs;

    /// <summary>The names of the inputs.</summary>
    public IReadOnlyList<string> InputNames => _names;

    /// <summary>Opens them.</summary>
    /// <exception cref="InvalidOperationException">
    /// A topic is not there, or has another count of partitions.
    /// </exception>
    public static async ValueTask<PartitionLogs<TEvent>> OpenAsync<TKey>(
        PartitionPlan<TEvent, TKey> plan, int partition, CancellationToken cancellationToken)
        where TKey : notnull
    {
        var options = plan.Options;
        var logs = new PartitionLogs<TEvent>(partition);
        try
        {
            var results = await CountAsync(plan.Logs, options.OutputTopic, cancellationToken).ConfigureAwait(false);
            var events = await CountAsync(plan.Logs, options.InputTopic, cancellationToken).ConfigureAwait(false);
            Check(options.OutputTopic, results, options.Partitions);
            var readsAll = options.Routing == InputRouting.AllPartitions;
            Check(options.InputTopic, events, readsAll ? Math.Max(events, 1) : options.Partitions);
            logs._output = await PromptLog.OpenAsync(plan.Logs, options.OutputTopic, partition, cancellationToken)
                .ConfigureAwait(false);
            if (options.DroppedTopic is { } dropped)
            {
                Check(
                    dropped,
                    await CountAsync(plan.Logs, dropped, cancellationToken).ConfigureAwait(false),
                    options.Partitions);
                logs.Dropped = await PromptLog.OpenAsync(plan.Logs, dropped, partition, cancellationToken)
                    .ConfigureAwait(false);
            }

            for (var input = readsAll ? 0 : partition; input <= (readsAll ? events - 1 : partition); input++)
            {
                var log = await PromptLog.OpenAsync(plan.Logs, options.InputTopic, input, cancellationToken)
                    .ConfigureAwait(false);
                Predicate<TEvent>? keeps = readsAll
                    ? one => plan.Partitioner.PlaceOf(in one) == partition
                    : null;
                logs._inputs.Add(new PartitionInput<TEvent>(log, plan.Format, keeps, options.WatermarkDelay));
                logs._names.Add(log.Name);
            }

            return logs;
        }
        catch
        {
            await logs.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Closes them.</summary>
    public async ValueTask DisposeAsync()
    {
        var closes = _inputs.ConvertAll(static input => input.Log.DisposeAsync().AsTask());
        if (_output is { } output)
            closes.Add(output.DisposeAsync().AsTask());
        if (Dropped is { } dropped)
            closes.Add(dropped.DisposeAsync().AsTask());
        await Task.WhenAll(closes).ConfigureAwait(false);
    }

    private static ValueTask<int> CountAsync(
        IPartitionLogStore logs, string topic, CancellationToken cancellationToken) =>
        PromptCalls.EndAsync(logs.CountPartitionsAsync(topic, cancellationToken), cancellationToken);

    private static void Check(string topic, int there, int wanted)
    {
        if (there == 0)
            throw TopicNames.NotThere(topic, 0, 0);
        if (there != wanted)
            throw TopicNames.OtherCount(topic, there, wanted);
    }
}
