namespace DisruptorStream.Durability.Journal.Writing;

/// <content>Segments that nobody needs any more.</content>
internal sealed unsafe partial class JournalWriter
{
    // In the order of their numbers, as they must go: no hole may be left between two that are there.
    private readonly Queue<string> _spent = new();
    private readonly List<string> _void = [];
    private long _voidUntil;
    private bool _mayBeGone;

    /// <summary>
    /// Segments whose slots are all at or below a sequence, and whose frames at or below an ordinal, become spares,
    /// from the oldest on; those that hold a record of a later slot, or are not durable yet, stay, and the newest
    /// always does.
    /// </summary>
    /// <returns>How many were given up.</returns>
    /// <exception cref="JournalException">The disk failed, now or before.</exception>
    public int Recycle(long sequence, long ordinal = long.MaxValue)
    {
        ThrowIfFailed();
        GiveUpVoid();
        while (_segments.Length > 1 && IsSpent(_segments[0], _segments[1], sequence, ordinal))
        {
            _spent.Enqueue(_segments[0].Path);
            // Readers look here after each read, so they never take what is written into it next for its frames.
            SetSegments(_segments[1..]);
        }

        if (_mayBeGone)
            ForgetThoseThatAreGone();
        var count = 0;
        for (; _spent.TryPeek(out var path); count++)
        {
            try
            {
                _spares.Recycle(path);
                // One after the other, so that no power cut leaves a hole either.
                _files.SyncDirectory(_directory);
            }
            catch (Exception error) when (IsOfDisk(error))
            {
                _mayBeGone = true;
                throw Fail(path, "recycled", error);
            }

            _spent.Dequeue();
        }

        return count;
    }

    private bool IsSpent(JournalSegment segment, JournalSegment next, long sequence, long ordinal)
    {
        if (next.Header.FirstOrdinal - 1 > ordinal || next.FirstSequence - 1 > sequence)
            return false;
        if (segment.LastRecordSequence > sequence)
            return false;
        lock (_gate)
            return _unsynced.Count == 0 || _unsynced[0].Number > segment.Number;
    }

    // What a new segment replaces is not needed once that one is durable.
    private void NoteVoid(JournalSegment[] segments, int first, long by)
    {
        if (first == segments.Length)
            return;
        foreach (var segment in segments.AsSpan(first))
            _void.Add(segment.Path);
        _voidUntil = by;
    }

    private void GiveUpVoid()
    {
        lock (_gate)
        {
            if (_void.Count == 0 || _durable.Segment < _voidUntil)
                return;
        }

        foreach (var path in _void)
            _spent.Enqueue(path);
        _void.Clear();
    }

    // A call that failed may have done its work.
    private void ForgetThoseThatAreGone()
    {
        try
        {
            _files.SyncDirectory(_directory);
            var names = _files.List(_directory);
            for (var left = _spent.Count; left > 0; left--)
            {
                var path = _spent.Dequeue();
                foreach (var name in names)
                {
                    if (string.Equals(name, Path.GetFileName(path), StringComparison.Ordinal))
                        _spent.Enqueue(path);
                }
            }

            _mayBeGone = false;
        }
        catch (Exception error) when (IsOfDisk(error))
        {
            throw Fail(_directory, "read", error);
        }
    }
}
