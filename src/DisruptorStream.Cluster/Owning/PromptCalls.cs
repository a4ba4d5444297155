namespace DisruptorStream.Cluster.Owning;

/// <summary>
/// Waits for calls of logs and stores, and no longer when their token says so, though they do not listen.
/// </summary>
/// <remarks>
/// One that listens ends by itself, and is waited for. One that does not has a moment, and is left to itself then: what
/// it does afterwards changes nothing, since a log refuses an append behind a record that is no longer the last.
/// </remarks>
internal static class PromptCalls
{
    /// <summary>How long a call may take to end once its token says so.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>What a call gives.</summary>
    /// <exception cref="OperationCanceledException">The token says so, and the call has not ended.</exception>
    public static ValueTask<T> EndAsync<T>(ValueTask<T> call, CancellationToken cancellationToken) =>
        call.IsCompleted ? call : new ValueTask<T>(EndAsync(call.AsTask(), cancellationToken));

    /// <summary>What a call gives.</summary>
    /// <exception cref="OperationCanceledException">The token says so, and the call has not ended.</exception>
    public static async Task<T> EndAsync<T>(Task<T> call, CancellationToken cancellationToken)
    {
        if (call.IsCompleted)
            return await call.ConfigureAwait(false);
        try
        {
            return await call.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && !call.IsCompleted)
        {
            await Task.WhenAny(call, Task.Delay(Grace, CancellationToken.None)).ConfigureAwait(false);
            if (call.IsCompleted)
                return await call.ConfigureAwait(false);
            Forget(call);
            throw;
        }
    }

    /// <summary>Tells a token's callbacks, on threads of their own: what they do or throw holds up nobody.</summary>
    public static void Cancel(CancellationTokenSource source) => Forget(source.CancelAsync());

    /// <summary>Closes something; what it throws is of no use to anybody, and it has a moment only.</summary>
    public static async ValueTask CloseAsync(IAsyncDisposable what)
    {
        try
        {
            var close = what.DisposeAsync().AsTask();
            await Task.WhenAny(close, Task.Delay(Grace)).ConfigureAwait(false);
            Forget(close);
        }
        catch (Exception)
        {
            // It threw before it had begun.
        }
    }

    private static void Forget(Task task) => _ = task.ContinueWith(
        static ended => _ = ended.Exception,
        CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
