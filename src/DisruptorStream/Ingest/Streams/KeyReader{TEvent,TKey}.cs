using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DisruptorStream.Events;
using DisruptorStream.Ingest.Fields;
using DisruptorStream.Ingest.Keys;

namespace DisruptorStream.Ingest.Streams;

/// <inheritdoc cref="KeyReader{TEvent}"/>
internal sealed class KeyReader<TEvent, TKey> : KeyReader<TEvent>
    where TKey : notnull
{
    private readonly Func<TEvent, TKey?>? _selector;
    private readonly FieldReader<TEvent, TKey>? _fields;
    private readonly KeyTable<TKey> _table;
    private readonly TKey?[] _keys;
    private SeenKey _seen;
    private int _count;
    private bool _hasNulls;

    /// <param name="selector">Reads the key; null for none.</param>
    /// <param name="table">The keys.</param>
    /// <param name="capacity">The most events that it reads at a time.</param>
    public KeyReader(Func<TEvent, TKey?> selector, KeyTable<TKey> table, int capacity)
        : this(table, capacity) => _selector = selector;

    /// <param name="fields">Reads the key, as the type says itself.</param>
    /// <param name="table">The keys.</param>
    /// <param name="capacity">The most events that it reads at a time.</param>
    public KeyReader(FieldReader<TEvent, TKey> fields, KeyTable<TKey> table, int capacity)
        : this(table, capacity) => _fields = fields;

    private KeyReader(KeyTable<TKey> table, int capacity)
    {
        _keys = new TKey?[capacity];
        _table = table;
    }

    // Asking a value for null boxes it where the code is not optimized yet.
    public override void Read(ReadOnlySpan<TEvent> published, ref int read)
    {
        _hasNulls = false;
        _count = published.Length;

        // A span knows the type of its places; an array of references asks for it at each write.
        var keys = _keys.AsSpan(0, published.Length);
        if (_fields is not null)
        {
            _fields.ReadKeys(published, keys, ref _hasNulls, ref read);
            return;
        }

        for (var index = 0; index < published.Length; index++)
        {
            var key = _selector!(published[index]);
            keys[index] = key;
            if (!typeof(TKey).IsValueType)
                _hasNulls |= key is null;
            read = index + 1;
        }
    }

    public override void Resolve(int first, Span<int> ids, out int resolved)
    {
        if (!_hasNulls)
        {
            _table.InternAll(_keys.AsSpan(first, ids.Length)!, ids, out resolved);
            return;
        }

        resolved = 0;
        for (; resolved < ids.Length; resolved++)
            ids[resolved] = _keys[first + resolved] is { } key ? _table.Intern(key) : EventSlot.NoKey;
    }

    public override void ReadOne(in TEvent published)
    {
        var key = _fields is null ? _selector!(published) : _fields.ReadKey(in published);
        Take(key);
        _seen = _hasNulls ? default : _table.Seek(key!);
    }

    /// <summary>Takes the key that was read of one event, the only one.</summary>
    public void Take(TKey? key)
    {
        MemoryMarshal.GetArrayDataReference(_keys) = key;
        _count = 1;
        _hasNulls = !typeof(TKey).IsValueType && key is null;
    }

    /// <summary>Takes the keys that were read of some events, of which some have none.</summary>
    public void Take(ReadOnlySpan<TKey?> keys)
    {
        keys.CopyTo(_keys);
        _count = keys.Length;
        _hasNulls = true;
    }

    public override int KeepOne()
    {
        if (_seen.IsFound)
            return _table.Keep(_seen);
        return _hasNulls ? EventSlot.NoKey : _table.FindDirectly(_keys[0]!);
    }

    public override void Clear()
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<TKey>())
            Array.Clear(_keys, 0, _count);
    }
}
