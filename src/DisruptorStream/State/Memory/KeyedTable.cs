using System.Runtime.CompilerServices;
using DisruptorStream.Events;

namespace DisruptorStream.State.Memory;

/// <summary>Key id → record, for one slice or window. Cleared and used again without freeing anything.</summary>
/// <remarks>
/// <para>One thread. A directory indexed by key id where keys are dense, a hash where they are few and scattered; it
/// changes from one to the other by itself, and no result depends on which it is: iteration ascends by key id in
/// both.</para>
/// <para>A record's address is valid until the next <see cref="Locate"/>, <see cref="Adapt"/>, <see cref="Clear()"/>
/// or removal of its key; <see cref="GetOrAdd(int)"/> moves nothing.</para>
/// </remarks>
internal sealed unsafe class KeyedTable : IDisposable
{
    private const int KeysAhead = 24;

    private readonly PagePool _pool;
    private readonly RecordReleaser? _releaser;
    private readonly DenseKeys _dense;
    private readonly SparseKeys _sparse;
    private bool _isDense;
    private bool _isSmall;

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
        _dense = new DenseKeys(pool, template);
        _sparse = new SparseKeys(pool, template);
        Begin(expected);
        pool.Own(this);
    }

    public int Count => _isDense ? _dense.Count : _sparse.Count;

    /// <summary>How many keys it holds and the highest id that it has seen since it was cleared.</summary>
    public Population Population => new(Count, _isDense ? _dense.KeyRange : _sparse.KeyRange);

    /// <summary>True while records are found through the directory, false while through the hash.</summary>
    public bool IsDense => _isDense;

    /// <summary>
    /// Writes the address of each event's record, making those of new keys. May move the table's records first.
    /// </summary>
    public void Locate(in EventView events, nint* records)
    {
        Adapt();
        if (_isDense)
            _dense.Locate(in events, records);
        else
            _sparse.Locate(in events, records);
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
    public byte* Find(int keyId) => _isDense ? _dense.Find(keyId) : _sparse.Find(keyId);

    /// <summary>Lets the records of the keys from here on come nearer, as a walk over all of them will need.</summary>
    public void PrefetchBehind(int keyId)
    {
        if (_isDense)
            _dense.Prefetch(keyId + KeysAhead);
    }

    public bool Contains(int keyId) => Find(keyId) != null;

    public bool Remove(int keyId)
    {
        if (_releaser is not null)
        {
            var record = Find(keyId);
            if (record != null)
                _releaser.Release(record);
        }

        return _isDense ? _dense.Remove(keyId) : _sparse.Remove(keyId);
    }

    /// <summary>The smallest key id present that is at least <paramref name="fromKeyId"/>, or -1.</summary>
    public int NextKey(int fromKeyId) => _isDense ? _dense.NextKey(fromKeyId) : _sparse.NextKey(fromKeyId);

    public void UnionInto(KeySet set)
    {
        if (_isDense)
            _dense.UnionInto(set);
        else
            _sparse.UnionInto(set);
    }

    /// <summary>Gives the pages back and begins anew, in the form that suits what the table held.</summary>
    public void Clear() => Clear(Population);

    /// <summary>Gives the pages back and begins anew, in the form that suits what it will hold.</summary>
    public void Clear(Population expected)
    {
        if (_releaser is not null)
        {
            for (var keyId = NextKey(0); keyId >= 0; keyId = NextKey(keyId + 1))
                _releaser.Release(Find(keyId));
        }

        _dense.Clear();
        _sparse.Clear();
        Begin(expected);
    }

    /// <summary>Changes the form when the keys ask for it. Moves all records when it does.</summary>
    public void Adapt()
    {
        // A directory that was chosen for many keys is not given up while they are still coming in.
        if (_isDense)
        {
            if (_isSmall && !Population.SuitsDirectory)
                MoveToHash();
        }
        else if (Count > 0 && Population.SuitsDirectory)
        {
            MoveToDirectory();
        }
    }

    public void Dispose()
    {
        _dense.Dispose();
        _sparse.Dispose();
    }

    private void Begin(Population expected)
    {
        _isDense = expected.SuitsDirectory;
        _isSmall = expected.IsSmall;
    }

    private byte* Add(int keyId) => _isDense ? _dense.Add(keyId) : _sparse.Add(keyId);

    private void MoveToDirectory()
    {
        for (var keyId = _sparse.NextKey(0); keyId >= 0; keyId = _sparse.NextKey(keyId + 1))
            Copy(_sparse.Find(keyId), _dense.Add(keyId));
        _isSmall = Population.IsSmall;
        _isDense = true;
        _sparse.Dispose();
    }

    private void MoveToHash()
    {
        for (var keyId = _dense.NextKey(0); keyId >= 0; keyId = _dense.NextKey(keyId + 1))
            Copy(_dense.Find(keyId), _sparse.Add(keyId));
        _isDense = false;
        _dense.Dispose();
    }

    private void Copy(byte* from, byte* to) => Buffer.MemoryCopy(from, to, _pool.RecordBytes, _pool.RecordBytes);
}
