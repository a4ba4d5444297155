using System.Runtime.InteropServices;

namespace DisruptorStream.Durability.Journal.Writing;

/// <summary>Memory for what is staged until the next write: it never moves, and is kept for the next time.</summary>
internal sealed unsafe class FrameArena
{
    private const long BlockBytes = 256 * 1024;

    private readonly List<byte[]> _blocks = [];
    private int _block;
    private long _used;

    /// <summary>Bytes behind those of the call before, where there is room; not cleared.</summary>
    /// <param name="length">A multiple of 8.</param>
    public byte* Take(long length)
    {
        while (_block < _blocks.Count && _blocks[_block].Length - _used < length)
        {
            _block++;
            _used = 0;
        }

        if (_block == _blocks.Count)
        {
            _blocks.Add(GC.AllocateUninitializedArray<byte>((int)Math.Max(length, BlockBytes), pinned: true));
            _used = 0;
        }

        var bytes = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_blocks[_block], 0) + _used;
        _used += length;
        return bytes;
    }

    /// <summary>Gives all back.</summary>
    public void Clear()
    {
        _block = 0;
        _used = 0;
    }
}
