namespace DisruptorStream.Cli.Commands;

/// <summary>Ends a command soon after it is told to, though a file, a pipe or a disk keeps it waiting.</summary>
internal static class Patience
{
    /// <summary>How long a command has to end by itself.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(400);

    /// <summary>Runs the command on another thread, and leaves it there if it does not end when told to.</summary>
    /// <param name="command">The command.</param>
    /// <param name="clock">Measures how long it takes to end.</param>
    /// <param name="cancellationToken">Tells it to end.</param>
    /// <exception cref="OperationCanceledException">It was told to end, and has not.</exception>
    public static async Task<int> RunAsync(
        Func<Task<int>> command, TimeProvider clock, CancellationToken cancellationToken)
    {
        var running = Task.Run(command, CancellationToken.None);
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (cancellationToken.Register(told.SetResult))
        {
            if (await Task.WhenAny(running, told.Task) != running)
                await Task.WhenAny(running, Task.Delay(Limit, clock, CancellationToken.None));
        }

        return running.IsCompleted ? await running : throw new OperationCanceledException(cancellationToken);
    }
}
