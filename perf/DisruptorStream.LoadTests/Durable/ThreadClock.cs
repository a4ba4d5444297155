using System.Globalization;

namespace DisruptorStream.LoadTests.Durable;

/// <summary>How long a thread of this process has had a processor. Linux alone tells it.</summary>
internal sealed class ThreadClock
{
    private readonly int _managedId = Environment.CurrentManagedThreadId;
    private readonly string _path;

    private ThreadClock(string path) => _path = path;

    /// <summary>Whether it is that of the calling thread.</summary>
    public bool IsOfCaller => Environment.CurrentManagedThreadId == _managedId;

    /// <summary>So far; the first number of the kernel's scheduler statistics, in nanoseconds.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            var text = File.ReadAllText(_path);
            var nanoseconds = long.Parse(text.AsSpan(0, text.IndexOf(' ')), CultureInfo.InvariantCulture);
            return TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
        }
    }

    /// <summary>Of the calling thread; null where the system does not tell it.</summary>
    public static ThreadClock? OfCaller() => new FileInfo("/proc/thread-self").LinkTarget is { } target
        ? new ThreadClock($"/proc/{target}/schedstat")
        : null;
}
