using System.Runtime.CompilerServices;
using DisruptorStream.Events;

namespace DisruptorStream.State.Memory;

/// <summary>Key id → record, for one slice or window. Cleared and used again without freeing anything.</summary>
/// <remarks>
/// <para>One thread. An array where keys are dense and not too many, a directory with pages where they are dense, a
/// hash where they are few and scattered; it changes from one to the other by itself, and no result depends on which it
/// is: iteration ascends by key id in all.</para>
/// <para>A record's address is valid until the next key is added, the next <see cref="Locate"/>,
/// <see cref="Clear()"/> or removal of its key.</para>
/// </remarks>
internal sealed unsafe partial class KeyedTable : IDisposable
{
    private const int KeysAhead = 24;

    private readonly PagePool _pool;
    private readonly RecordReleaser? _releaser;
    private readonly ArrayKeys _array;
    private readonly DenseKeys _dense;
    private readonly SparseKeys _sparse;
    private Form _form;
    private bool _isSmall;
    private Population? _left;
    private Population? _cleared;
    private int _released;

    /// <param name="pool">Where pages come from; it must outlive the table's use and have the record's size.</param>
    /// <param name="initialRecord">What a new record holds.</param>
    /// <param name="releaser">Asked before a record is forgotten; null where records hold nothing.</param>
    /// <param name="expected">What an earlier table of the kind held in the end.</param>
    public KeyedTable(
        PagePool pool,
        ReadOnlySpan<byte> initialRecord,
        RecordReleaser? releaser = null,
        Population expected = default)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(initialRecord.Length, pool.RecordBytes, nameof(initialRecord));
        _pool = pool;
        _releaser = releaser;
        var template = initialRecord.ToArray();
        _array = new ArrayKeys(pool, template);
        _dense = new DenseKeys(pool, template);
        _sparse = new SparseKeys(pool, template);
        Begin(expected);
        pool.Own(this);
    }

    private enum Form
    {
        Array,
        Directory,
        Hash,
        Frozen,
    }

    public int Count => Actual switch
    {
        Form.Array => _array.Count,
        Form.Directory => _dense.Count,
        _ => _sparse.Count,
    };

    /// <summary>
    /// How many keys it holds, or held before they began to leave, and the highest id that it has seen since it was
    /// cleared.
    /// </summary>
    public Population Population => _left ?? Actual switch
    {
        Form.Array => new Population(_array.Count, _array.KeyRange),
        Form.Directory => new Population(_dense.Count, _dense.KeyRange),
        _ => new Population(_sparse.Count, _sparse.KeyRange),
    };

    /// <summary>Whether its keys are leaving, or have left.</summary>
    public bool IsBeingLeft => _left is not null;

    /// <summary>Whether <see cref="Array"/> finds its records.</summary>
    public bool IsArray => _form == Form.Array;

    /// <summary>For loops that find the records themselves; valid until a key is added in another way.</summary>
    public KeyArray Array => _array.FindKeys();

    /// <summary>
    /// Writes the address of each event's record, making those of new keys. May move the table's records first.
    /// </summary>
    public void Locate(in EventView events, nint* records)
    {
        Adapt();
        switch (_form)
        {
            case Form.Array:
                LocateInArray(events, records);
                break;
            case Form.Directory:
                _dense.Locate(in events, records);
                break;
            case Form.Hash:
                _sparse.Locate(in events, records);
                break;
            default:
                LocateFrozen(in events, records);
                break;
        }
    }

    /// <summary>Asks for the record of a key that it may have, where that costs next to nothing.</summary>
    public void Fetch(int keyId)
    {
        if (_form == Form.Array)
            _array.Fetch(keyId);
    }

    public byte* GetOrAdd(int keyId)
    {
        var record = Find(keyId);
        return record != null ? record : Add(keyId);
    }

    public byte* GetOrAdd(int keyId, out bool added)
    {
        var record = Find(keyId);
        added = record == null;
        return added ? Add(keyId) : record;
    }

    /// <summary>The key's record, or null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Find(int keyId) => _form switch
    {
        Form.Array => _array.Find(keyId),
        Form.Directory => _dense.Find(keyId),
        Form.Hash => _sparse.Find(keyId),
        _ => FindFrozen(keyId),
    };

    /// <summary>
    /// Finds keys in ascending order, from the given id on, with their records; returns how many, and where to go on.
    /// </summary>
    public int Collect(ref int fromKeyId, Span<int> keyIds, nint* records)
    {
        if (_form == Form.Array)
            return _array.Collect(ref fromKeyId, keyIds, records);
        if (_form == Form.Frozen)
            return CollectFrozen(ref fromKeyId, keyIds, records);
        var count = 0;
        for (; count < keyIds.Length; count++)
        {
            var keyId = NextKey(fromKeyId);
            if (keyId < 0)
                break;
            if (_form == Form.Directory)
                _dense.Prefetch(keyId + KeysAhead);
            keyIds[count] = keyId;
            records[count] = (nint)Find(keyId);
            fromKeyId = keyId + 1;
        }

        return count;
    }

    /// <summary>
    /// Whether the keys may leave one after the other: then no key comes any more, <see cref="Leave"/> is called up to
    /// the last one, and then <see cref="Clear()"/>.
    /// </summary>
    public bool TryBeginLeaving()
    {
        if (_form != Form.Array || _releaser is not null)
            return false;
        _left = Population;
        return true;
    }

    /// <summary>Takes the keys from one id up to another one out: cheap while their records are near.</summary>
    public void Leave(int fromKeyId, int toKeyId) => _array.Renew(fromKeyId, toKeyId);

    public bool Contains(int keyId) => Peek(keyId) != null;

    public bool Remove(int keyId)
    {
        _frozen?.Touch(keyId);
        if (_releaser is not null)
        {
            var record = Find(keyId);
            if (record != null)
                _releaser.Release(record);
        }

        return Actual switch
        {
            Form.Array => _array.Remove(keyId),
            Form.Directory => _dense.Remove(keyId),
            _ => _sparse.Remove(keyId),
        };
    }

    /// <summary>The smallest key id present that is at least <paramref name="fromKeyId"/>, or -1.</summary>
    public int NextKey(int fromKeyId) => Actual switch
    {
        Form.Array => _array.NextKey(fromKeyId),
        Form.Directory => _dense.NextKey(fromKeyId),
        _ => _sparse.NextKey(fromKeyId),
    };

    public void UnionInto(KeySet set)
    {
        switch (Actual)
        {
            case Form.Array:
                _array.UnionInto(set);
                break;
            case Form.Directory:
                _dense.UnionInto(set);
                break;
            default:
                _sparse.UnionInto(set);
                break;
        }
    }

    /// <summary>Gives the pages back and begins anew, in the form that suits what the table held.</summary>
    public void Clear() => Clear(Population);

    /// <summary>Gives the pages back and begins anew, in the form that suits what it will hold.</summary>
    public void Clear(Population expected)
    {
        var budget = int.MaxValue;
        while (!TryEmpty(ref budget))
            budget = int.MaxValue;
        BeginAnew(expected);
    }

    /// <summary>
    /// As <see cref="Clear()"/>, a part at a time: true once all is done. Until then the table is of no use.
    /// </summary>
    /// <param name="budget">How many records to release and pages to give back; what is left of it.</param>
    public bool TryClear(ref int budget)
    {
        _cleared ??= Population;
        if (!TryEmpty(ref budget))
            return false;
        BeginAnew(_cleared.Value);
        return true;
    }

    /// <summary>Changes the form when the keys ask for it. Moves all records when it does.</summary>
    public void Adapt()
    {
        if (_form is Form.Array or Form.Frozen || Count == 0)
            return;
        var form = FormOf(Population);

        // A directory that was chosen for many keys is not given up while they are still coming in.
        if (form != _form && (form != Form.Hash || _isSmall))
            MoveTo(form);
    }

    /// <summary>Makes the record of a key that is not there. May move the others.</summary>
    public byte* Add(int keyId)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(keyId);
        _frozen?.Touch(keyId);
        if (Actual == Form.Array && !_array.Awaits(keyId))
        {
            var form = FormOf(new Population(_array.Count + 1, keyId + 1));
            if (form != Form.Array)
                MoveTo(form);
        }

        return AddTo(Actual, keyId);
    }

    public void Dispose()
    {
        _array.Dispose();
        _dense.Dispose();
        _sparse.Dispose();
    }

    private bool TryEmpty(ref int budget)
    {
        if (!TryThaw(ref budget))
            return false;
        if (_releaser is not null && !TryRelease(ref budget))
            return false;
        return _form switch
        {
            Form.Directory => _dense.TryReturnPages(ref budget),
            Form.Hash => _sparse.TryReturnPages(ref budget),
            _ => true,
        };
    }

    private bool TryRelease(ref int budget)
    {
        for (; budget > 0; budget--)
        {
            var keyId = NextKey(_released);
            if (keyId < 0)
                return true;
            _releaser!.Release(Find(keyId));
            _released = keyId + 1;
        }

        return false;
    }

    private void BeginAnew(Population expected)
    {
        _array.Clear(isRenewed: _left is not null);
        _left = null;
        _cleared = null;
        _released = 0;
        _dense.Clear();
        _sparse.Clear();
        Begin(expected);
    }

    private void Begin(Population expected)
    {
        _form = FormOf(expected);
        _isSmall = expected.IsSmall(_pool.RecordBytes);
        if (_form == Form.Array)
            _array.Expect(expected.KeyRange);
    }

    private Form FormOf(Population population)
    {
        if (_array.Suits(population))
            return Form.Array;
        return population.IsDense || population.IsSmall(_pool.RecordBytes) ? Form.Directory : Form.Hash;
    }

    private void LocateInArray(in EventView events, nint* records)
    {
        while (_array.Locate(events, records) is var done && done < events.Count)
        {
            // This moves what was located, perhaps into another form.
            Add(events.Slots[done].KeyId);
            if (Actual == Form.Array)
                continue;
            Locate(events, records);
            return;
        }
    }

    private byte* AddTo(Form form, int keyId) => form switch
    {
        Form.Array => _array.Add(keyId),
        Form.Directory => _dense.Add(keyId),
        _ => _sparse.Add(keyId),
    };

    private void MoveTo(Form form)
    {
        var population = Population;
        if (form == Form.Array)
            _array.Expect(population.KeyRange);
        for (var keyId = NextKey(0); keyId >= 0; keyId = NextKey(keyId + 1))
            Copy(Peek(keyId), AddTo(form, keyId));
        IDisposable old = Actual switch
        {
            Form.Array => _array,
            Form.Directory => _dense,
            _ => _sparse,
        };
        old.Dispose();
        if (_frozen is null)
            _form = form;
        else
            _frozenForm = form;
        _isSmall = population.IsSmall(_pool.RecordBytes);
    }

    private void Copy(byte* from, byte* to) => Buffer.MemoryCopy(from, to, _pool.RecordBytes, _pool.RecordBytes);
}
