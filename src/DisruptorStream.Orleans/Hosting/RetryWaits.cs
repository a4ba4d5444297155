using System.Collections.Concurrent;

namespace DisruptorStream.Orleans.Hosting;

/// <summary>When something that has ended may be tried again: less and less often, up to every ten seconds.</summary>
/// <remarks>Any thread.</remarks>
internal sealed class RetryWaits
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, (long TriedAt, TimeSpan Wait)> _tries = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;

    public RetryWaits(TimeProvider time) => _time = time;

    /// <summary>Whether the wait behind the last try is over.</summary>
    public bool MayTry(string key) =>
        !_tries.TryGetValue(key, out var last) || _time.GetElapsedTime(last.TriedAt) >= last.Wait;

    /// <summary>It is tried now. What has gone well for long enough begins anew.</summary>
    public void NoteTry(string key) => _tries.AddOrUpdate(
        key,
        _ => (_time.GetTimestamp(), FirstWait),
        (_, last) => (_time.GetTimestamp(), Next(last)));

    private TimeSpan Next((long TriedAt, TimeSpan Wait) last)
    {
        if (_time.GetElapsedTime(last.TriedAt) > LongestWait + last.Wait)
            return FirstWait;
        return last.Wait * 2 < LongestWait ? last.Wait * 2 : LongestWait;
    }
}
