using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DisruptorStream.Saving;

namespace DisruptorStream.State.Memory.Copying;

/// <summary>A state as it is at one slot, to be written while the stages go on.</summary>
/// <remarks>
/// What is small is copied at the slot. Tables are frozen there: their pages are copied afterwards, a few between two
/// batches, and each before it changes. Another thread takes the copies and puts them together.
/// </remarks>
internal sealed class StateCut : StateCapture, IDisposable
{
    // What an entry of the log is; a number is its argument.
    private const int Bytes = 0;
    private const int Text = 1;
    private const int Begin = 2;
    private const int End = 3;
    private const int Later = 4;

    private readonly ShardCopy[][] _queries;
    private readonly CopyStore[][] _shards;
    private readonly CopyStore _rest;
    private readonly CopyFile _file;
    private readonly List<(int Of, int Number, CopyPlace Place)> _entries = [];
    private readonly List<Action<StateWriter>> _later = [];
    private readonly List<FrozenTable>[][] _frozen;
    private bool _isAbandoned;

    /// <param name="queries">What copies the shards of each query.</param>
    /// <param name="file">Takes copies that are too many for memory; disposed with this.</param>
    public StateCut(ShardCopy[][] queries, CopyFile file)
    {
        _queries = queries;
        _file = file;
        _rest = new CopyStore(file, (of, number, place) => _entries.Add((of, number, place)));
        _frozen = Array.ConvertAll(queries, shards => Array.ConvertAll(shards, _ => new List<FrozenTable>()));
        _shards = Array.ConvertAll(_frozen, shards => Array.ConvertAll(shards, NewStore));
    }

    /// <summary>Whether nobody needs it any more. Pairs with the write in Dispose.</summary>
    public bool IsAbandoned => Volatile.Read(ref _isAbandoned);

    /// <summary>How many bytes of it are in a file.</summary>
    public long FileBytes => _file.Length;

    /// <summary>The query whose tables come next. While no stage moves.</summary>
    public int Query { get; set; }

    /// <summary>Writes a state, at the slot that it is of. While no stage moves.</summary>
    /// <param name="save">Writes it.</param>
    public void Take(Action<StateWriter> save)
    {
        for (var query = 0; query < _queries.Length; query++)
        {
            for (var shard = 0; shard < _queries[query].Length; shard++)
                _queries[query][shard].Begin(this, _shards[query][shard]);
        }

        using (var writer = new StateWriter(this))
            save(writer);
        _rest.Log.Close();
    }

    /// <summary>Freezes tables, which are written later. While no stage moves.</summary>
    public FrozenTables Freeze(ReadOnlySpan<KeyedTable?> tables, ReadOnlySpan<RecordFormat> formats)
    {
        var frozen = new FrozenTable?[tables.Length];
        for (var shard = 0; shard < tables.Length; shard++)
        {
            if (tables[shard] is not { KeyRange: > 0 } table)
                continue;
            frozen[shard] = _queries[Query][shard].Freeze(table, formats[shard]);
            _frozen[Query][shard].Add(frozen[shard]!);
        }

        return new FrozenTables(frozen, formats[0].IsPlain);
    }

    /// <summary>Takes what has been copied. Returns whether all is. On the thread that writes.</summary>
    /// <exception cref="IOException">The file system says no.</exception>
    public bool Collect()
    {
        var isAll = _rest.Collect();
        foreach (var shards in _shards)
        {
            foreach (var shard in shards)
                isAll &= shard.Collect();
        }

        return isAll;
    }

    /// <summary>Threads that wait for room for copies go on.</summary>
    public void Wake()
    {
        foreach (var shards in _queries)
        {
            foreach (var shard in shards)
                shard.Wake();
        }
    }

    /// <summary>Writes it all, once all is copied. On the thread that writes.</summary>
    /// <exception cref="IOException">The file system says no.</exception>
    public void Write(StateWriter writer)
    {
        var buffer = Array.Empty<byte>();
        foreach (var (of, number, place) in _entries)
        {
            if (buffer.Length < place.Length)
                buffer = new byte[place.Length];
            var bytes = buffer.AsSpan(0, place.Length);
            _rest.Read(place, bytes);
            switch (of)
            {
                case Begin:
                    writer.Begin((SectionTag)number, Unsafe.ReadUnaligned<int>(ref bytes[0]));
                    break;
                case End:
                    writer.End();
                    break;
                case Later:
                    _later[number](writer);
                    break;
                case Text:
                    writer.WriteText(new string(MemoryMarshal.Cast<byte, char>(bytes)));
                    break;
                default:
                    writer.WriteBytes(bytes);
                    break;
            }
        }
    }

    public override void OnBegin(SectionTag tag, int version) =>
        Unsafe.WriteUnaligned(ref _rest.Log.Add(Begin, (int)tag, sizeof(int))[0], version);

    public override void OnEnd() => _rest.Log.Add(End, 0, 0);

    public override void OnBytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(_rest.Log.Add(Bytes, 0, bytes.Length));

    public override void OnText(string text)
    {
        var characters = MemoryMarshal.AsBytes(text.AsSpan());
        characters.CopyTo(_rest.Log.Add(Text, 0, characters.Length));
    }

    public override void OnLater(Action<StateWriter> save)
    {
        _rest.Log.Add(Later, _later.Count, 0);
        _later.Add(save);
    }

    /// <summary>Nobody needs it any more: what is still frozen is given up at the next step of its thread.</summary>
    public void Dispose()
    {
        // Pairs with the read in IsAbandoned.
        Volatile.Write(ref _isAbandoned, true);
        _file.Dispose();
    }

    private CopyStore NewStore(List<FrozenTable> frozen) =>
        new(_file, (of, number, place) => frozen[of].OnCopied(number, place));
}
