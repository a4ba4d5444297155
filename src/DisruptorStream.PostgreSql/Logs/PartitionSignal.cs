namespace DisruptorStream.PostgreSql.Logs;

/// <summary>Wakes the readers of a partition.</summary>
/// <remarks>Any thread.</remarks>
internal sealed class PartitionSignal
{
    private TaskCompletionSource _next = New();

    /// <summary>Ends at the next <see cref="Set"/>. Take it before you look, and wait for it afterwards.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Set() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
