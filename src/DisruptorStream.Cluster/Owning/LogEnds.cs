using DisruptorStream.Cluster.Handling;
using DisruptorStream.Cluster.Logs;

namespace DisruptorStream.Cluster.Owning;

/// <summary>Looks about every second where the logs end that a partition reads and writes.</summary>
/// <typeparam name="TEvent">The type of the events.</typeparam>
internal sealed class LogEnds<TEvent>
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private long[] _ends = [];

    /// <param name="time">Measures the interval.</param>
    public LogEnds(TimeProvider time) => _time = time;

    /// <summary>Begins to look; ends when what it gives is disposed.</summary>
    /// <param name="logs">The logs.</param>
    /// <param name="onResult">Told of the last record of results.</param>
    public IAsyncDisposable Begin(PartitionLogs<TEvent> logs, Action<LogEntry> onResult)
    {
        _ends = new long[logs.Inputs.Count];
        var end = new CancellationTokenSource();
        return new Watch(LookAsync(logs, onResult, end.Token), end);
    }

    /// <summary>How far each input is. Any thread.</summary>
    public IReadOnlyList<InputStatus> Statuses(IReadOnlyList<InputReader<TEvent>> readers)
    {
        var ends = Volatile.Read(ref _ends);
        var statuses = new InputStatus[readers.Count];
        for (var input = 0; input < statuses.Length; input++)
        {
            statuses[input] = new InputStatus(
                readers[input].Name,
                readers[input].Position,
                input < ends.Length ? Volatile.Read(ref ends[input]) : 0);
        }

        return statuses;
    }

    private async Task LookAsync(
        PartitionLogs<TEvent> logs, Action<LogEntry> onResult, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await LookOnceAsync(logs, onResult, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // Who reads the log tells of it; here the newest end that is known stays.
            }

            await Task.Delay(Interval, _time, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookOnceAsync(
        PartitionLogs<TEvent> logs, Action<LogEntry> onResult, CancellationToken cancellationToken)
    {
        var ends = _ends;
        for (var input = 0; input < ends.Length; input++)
        {
            var last = await logs.Inputs[input].Log.ReadLastAsync(cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref ends[input], last?.Position ?? 0);
        }

        if (await logs.Output.ReadLastAsync(cancellationToken).ConfigureAwait(false) is { } result)
            onResult(result);
    }

    private sealed class Watch : IAsyncDisposable
    {
        private readonly Task _task;
        private readonly CancellationTokenSource _end;

        public Watch(Task task, CancellationTokenSource end) => (_task, _end) = (task, end);

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _end.Dispose();
        }
    }
}
