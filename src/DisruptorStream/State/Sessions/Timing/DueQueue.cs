namespace DisruptorStream.State.Sessions.Timing;

/// <summary>
/// A four-way heap of (due time, session). Entries may be stale: the caller asks the session itself.
/// </summary>
internal sealed class DueQueue
{
    private const int Ways = 4;

    private (long DueTicks, int Session)[] _entries = new (long, int)[64];
    private int _count;

    /// <summary>Nothing is due before this time.</summary>
    public long NextDueTicks => _count == 0 ? long.MaxValue : _entries[0].DueTicks;

    public bool IsEmpty => _count == 0;

    public void Add(long dueTicks, int session)
    {
        if (_count == _entries.Length)
            Array.Resize(ref _entries, _count * 2);
        var at = _count++;
        while (at > 0)
        {
            var parent = (at - 1) / Ways;
            if (_entries[parent].DueTicks <= dueTicks)
                break;
            _entries[at] = _entries[parent];
            at = parent;
        }

        _entries[at] = (dueTicks, session);
    }

    public (long DueTicks, int Session) Take()
    {
        var first = _entries[0];
        var last = _entries[--_count];
        var at = 0;
        while (true)
        {
            var child = (at * Ways) + 1;
            if (child >= _count)
                break;
            var smallest = child;
            var end = Math.Min(child + Ways, _count);
            for (var i = child + 1; i < end; i++)
            {
                if (_entries[i].DueTicks < _entries[smallest].DueTicks)
                    smallest = i;
            }

            if (_entries[smallest].DueTicks >= last.DueTicks)
                break;
            _entries[at] = _entries[smallest];
            at = smallest;
        }

        if (_count > 0)
            _entries[at] = last;
        return first;
    }
}
