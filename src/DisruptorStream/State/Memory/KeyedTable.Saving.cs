using System.Diagnostics;
using System.Numerics;
using DisruptorStream.Events;
using DisruptorStream.Saving;
using DisruptorStream.State.Memory.Copying;

namespace DisruptorStream.State.Memory;

/// <content>
/// Keys in a row, many at a time: what saving and loading go by. A table that is being copied as it was at one slot
/// takes events as before, and each page is copied before somebody gets the address of a record in it.
/// </content>
internal sealed unsafe partial class KeyedTable
{
    private Form _frozenForm;
    private FrozenTable? _frozen;

    public int RecordBytes => _pool.RecordBytes;

    /// <summary>An id plus one that no key is beyond; 0 where there is none. Cheaper than the others.</summary>
    public int KeyRange => Actual switch
    {
        Form.Array => _array.KeyRange,
        Form.Directory => _dense.KeyRange,
        _ => _sparse.KeyRange,
    };

    /// <summary>The highest key, or -1.</summary>
    public int LastKey => Actual switch
    {
        Form.Array => _array.KeyRange - 1,
        Form.Directory => _dense.LastKey(),
        _ => _sparse.LastKey(),
    };

    /// <summary>The first key that is at least the given one, or -1, and how many there are in a row.</summary>
    public int NextRun(int fromKeyId, out int length) => Actual switch
    {
        Form.Array => _array.NextRun(fromKeyId, out length),
        Form.Directory => _dense.NextRun(fromKeyId, out length),
        _ => _sparse.NextRun(fromKeyId, out length),
    };

    /// <summary>The records of keys in a row that are there, as far as they lie together.</summary>
    public byte* RecordsOf(int keyId, int most, out int count)
    {
        count = Actual switch
        {
            Form.Array => most,
            Form.Directory => Math.Min(most, PagePool.RecordsPerPage - (keyId % PagePool.RecordsPerPage)),
            _ => 1,
        };
        return Peek(keyId);
    }

    /// <summary>
    /// Makes keys in a row that are not there, as far as their records lie together; what those hold is the caller's to
    /// write. May move the others.
    /// </summary>
    public byte* AddRun(int keyId, int most, out int count)
    {
        if (_form == Form.Array && !_array.Awaits(keyId + most - 1))
        {
            var form = FormOf(new Population(_array.Count + most, keyId + most));
            if (form != Form.Array)
                MoveTo(form);
        }

        switch (_form)
        {
            case Form.Array:
                count = most;
                return _array.AddRun(keyId, most);
            case Form.Directory:
                return _dense.AddRun(keyId, most, out count);
            default:
                count = 1;
                return _sparse.Add(keyId);
        }
    }

    /// <summary>Clears, for records that come at once before anything runs, up to <see cref="EndLoading"/>.</summary>
    public void BeginLoading(Population expected)
    {
        _pool.IsLoading = true;
        Clear(expected);
        if (_form == Form.Hash)
            _sparse.Reserve(expected.Count);
    }

    public void EndLoading() => _pool.IsLoading = false;

    /// <summary>That the keys ascend, have records, and are as many as it says.</summary>
    /// <exception cref="InvalidOperationException">It does not hold.</exception>
    public void ThrowIfInconsistent()
    {
        var count = 0;
        var last = -1;
        for (var keyId = NextRun(0, out var length); keyId >= 0; keyId = NextRun(keyId + length, out length))
        {
            Invariant.Require(keyId > last && length > 0, "Runs ascend, with a gap between two.");
            Invariant.Require(Peek(keyId) != null && Peek(keyId + length - 1) != null, "The keys of a run are there.");
            count += length;
            last = keyId + length;
        }

        Invariant.Require(count == Count, "The runs hold all keys.");
        Invariant.Require(last == LastKey + 1 || count == 0, "The last run ends at the highest key.");
    }

    /// <summary>As <see cref="ThrowIfInconsistent"/>, in builds for debugging.</summary>
    [Conditional("DEBUG")]
    public void AssertInvariants() => ThrowIfInconsistent();

    /// <summary>What it is, frozen or not.</summary>
    private Form Actual => _form == Form.Frozen ? _frozenForm : _form;

    /// <summary>From now on pages are copied before they change.</summary>
    public void Freeze(FrozenTable frozen)
    {
        _frozenForm = Actual;
        _form = Form.Frozen;
        _frozen = frozen;
    }

    /// <summary>It is as it was before, unless it has been frozen anew since.</summary>
    public void Thaw(FrozenTable frozen)
    {
        if (_frozen != frozen)
            return;
        _form = Actual;
        _frozen = null;
    }

    /// <summary>Which of some ids in a row are there; the first is a multiple of their number.</summary>
    public ulong KeysAt(int firstKeyId, int count)
    {
        if (Actual == Form.Array)
            return _array.KeysAt(firstKeyId, count);
        if (Actual == Form.Directory)
            return _dense.KeysAt(firstKeyId, count);
        var keys = 0UL;
        for (var index = 0; index < count; index++)
            keys |= _sparse.Find(firstKeyId + index) != null ? 1UL << index : 0;
        return keys;
    }

    /// <summary>Copies the records of keys that are there, one behind the other.</summary>
    public void CopyRecords(int firstKeyId, ulong keys, Span<byte> into)
    {
        while (keys != 0)
        {
            // In arrays and pages those of ids in a row lie together.
            var place = BitOperations.TrailingZeroCount(keys);
            var inARow = Actual == Form.Hash ? 1 : BitOperations.TrailingZeroCount(~(keys >> place));
            var length = inARow * RecordBytes;
            new ReadOnlySpan<byte>(Peek(firstKeyId + place), length).CopyTo(into);
            into = into[length..];
            if (place + inARow == 64)
                return;
            keys &= ulong.MaxValue << (place + inARow);
        }
    }

    /// <summary>The key's record, or null, for who does not change it.</summary>
    public byte* Peek(int keyId) => Actual switch
    {
        Form.Array => _array.Find(keyId),
        Form.Directory => _dense.Find(keyId),
        _ => _sparse.Find(keyId),
    };

    private byte* FindFrozen(int keyId)
    {
        _frozen!.Touch(keyId);
        return Peek(keyId);
    }

    private void LocateFrozen(in EventView events, nint* records)
    {
        var frozen = _frozen!;
        if (frozen.IsWhole)
        {
            Thaw(frozen);
            Locate(events, records);
            return;
        }

        for (var index = 0; index < events.Count; index++)
            frozen.Touch(events.Slots[index].KeyId);
        switch (_frozenForm)
        {
            case Form.Array:
                LocateInArray(events, records);
                break;
            case Form.Directory:
                _dense.Locate(in events, records);
                break;
            default:
                _sparse.Locate(in events, records);
                break;
        }
    }

    private int CollectFrozen(ref int fromKeyId, Span<int> keyIds, nint* records)
    {
        var count = 0;
        if (_frozenForm == Form.Array)
        {
            count = _array.Collect(ref fromKeyId, keyIds, records);
            foreach (var keyId in keyIds[..count])
                _frozen!.Touch(keyId);
            return count;
        }

        for (; count < keyIds.Length && NextKey(fromKeyId) is var keyId and >= 0; count++)
        {
            keyIds[count] = keyId;
            records[count] = (nint)FindFrozen(keyId);
            fromKeyId = keyId + 1;
        }

        return count;
    }

    /// <summary>All pages are copied, as they are about to be given up; true once that is done.</summary>
    private bool TryThaw(ref int budget)
    {
        if (_frozen is not { } frozen)
            return true;
        var bytes = (int)Math.Min((long)budget * RecordBytes, int.MaxValue);
        var isWhole = frozen.TryCopy(ref bytes, isForced: true);
        budget = isWhole && bytes > 0 ? Math.Min(budget, Math.Max(1, bytes / RecordBytes)) : 0;
        if (isWhole)
            Thaw(frozen);
        return isWhole && budget > 0;
    }
}
