using System.Collections.Concurrent;

namespace DisruptorStream.Orleans.Hosting;

/// <summary>When something may be tried again: less and less often, up to a longest wait.</summary>
/// <remarks>Any thread.</remarks>
internal sealed class RetryWaits
{
    private readonly ConcurrentDictionary<string, (long TriedAt, TimeSpan Wait)> _tries = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly TimeSpan _first;
    private readonly TimeSpan _longest;

    /// <param name="time">Measures the waits.</param>
    /// <param name="first">Behind the first try.</param>
    /// <param name="longest">Behind many.</param>
    public RetryWaits(TimeProvider time, TimeSpan first, TimeSpan longest) =>
        (_time, _first, _longest) = (time, first, longest);

    /// <summary>Whether the wait behind the last try is over.</summary>
    public bool MayTry(string key) =>
        !_tries.TryGetValue(key, out var last) || _time.GetElapsedTime(last.TriedAt) >= last.Wait;

    /// <summary>It is tried now. What has gone well for long enough begins anew.</summary>
    public void NoteTry(string key) => _tries.AddOrUpdate(
        key,
        _ => (_time.GetTimestamp(), _first),
        (_, last) => (_time.GetTimestamp(), Next(last)));

    /// <summary>All begin anew.</summary>
    public void Clear() => _tries.Clear();

    private TimeSpan Next((long TriedAt, TimeSpan Wait) last)
    {
        if (_time.GetElapsedTime(last.TriedAt) > _longest + last.Wait)
            return _first;
        return last.Wait * 2 < _longest ? last.Wait * 2 : _longest;
    }
}
