using DisruptorStream.Durability.Files;

namespace DisruptorStream.Emission.Files;

/// <summary>Keeps other writers of a target out, in this process and in others, for the time of one call.</summary>
internal static class FileLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <param name="files">Where it is.</param>
    /// <param name="path">The file that is locked; it stays.</param>
    /// <param name="timeout">How long to wait for others.</param>
    /// <param name="target">What the target is called in messages.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="IOException">Others have it for longer.</exception>
    public static async ValueTask<IDisposable> TakeAsync(
        IFileSystem files, string path, TimeSpan timeout, string target, CancellationToken cancellationToken)
    {
        var tries = 1 + (long)(timeout / Pause);
        for (var tried = 0L; tried < tries; tried++)
        {
            if (files.TryLock(path) is { } taken)
                return taken;
            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        }

        throw new IOException(
            $"Another process has had {target} for {timeout.TotalSeconds:0.#} s (it holds a lock on '{path}'); end it, "
            + "or give each processor a file of its own.");
    }
}
