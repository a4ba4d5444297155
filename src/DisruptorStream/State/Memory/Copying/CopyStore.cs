using System.Runtime.InteropServices;

namespace DisruptorStream.State.Memory.Copying;

/// <summary>The copies of one <see cref="CopyLog"/>: few in memory, more of them in a file.</summary>
/// <remarks>One thread, which is not the one that copies.</remarks>
internal sealed class CopyStore
{
    /// <summary>What the pipeline may fill before the first block must have been taken.</summary>
    public const int ReadyBlocks = 24;

    private const int MostInMemory = ReadyBlocks / 2;

    private readonly CopyFile _file;
    private readonly Action<int, int, CopyPlace> _onEntry;
    private readonly List<(CopyBlock? Block, long Offset)> _blocks = [];
    private int _inFile;

    /// <param name="file">Takes what is too much for memory.</param>
    /// <param name="onEntry">Told of each entry, in their order: what it is of, its number, and where it is.</param>
    public CopyStore(CopyFile file, Action<int, int, CopyPlace> onEntry)
    {
        _file = file;
        _onEntry = onEntry;
    }

    /// <summary>What is copied goes there.</summary>
    public CopyLog Log { get; } = new(ReadyBlocks);

    /// <summary>Takes what has been copied. Returns whether that is all that will come.</summary>
    /// <exception cref="IOException">The file system says no.</exception>
    public bool Collect()
    {
        // Before the look at what there is: pairs with Close, which is called behind the last of it.
        var isAll = Log.IsClosed;
        while (Log.TryTake(out var block))
        {
            _blocks.Add((block, -1));
            Index(block);
            if (_blocks.Count - _inFile > MostInMemory)
                WriteToFile();
        }

        return isAll;
    }

    /// <summary>Reads an entry.</summary>
    /// <exception cref="IOException">The file system says no.</exception>
    public void Read(in CopyPlace place, Span<byte> into)
    {
        var (block, offset) = _blocks[place.Block];
        if (block is not null)
            block.Bytes.Slice(place.Offset, place.Length).CopyTo(into);
        else
            _file.Read(offset + place.Offset, into[..place.Length]);
    }

    private void Index(CopyBlock block)
    {
        for (var at = 0; at < block.Length;)
        {
            var next = block.Read(at, out var of, out var number, out var length);
            _onEntry(of, number, new CopyPlace(_blocks.Count - 1, at + CopyBlock.HeaderBytes, length));
            at = next;
        }
    }

    private void WriteToFile()
    {
        foreach (ref var kept in CollectionsMarshal.AsSpan(_blocks)[_inFile..])
        {
            kept.Offset = _file.Append(kept.Block!);
            Log.GiveBack(kept.Block!);
            kept.Block = null;
        }

        _inFile = _blocks.Count;
    }
}
