using System.Runtime.InteropServices;
using DisruptorStream.Durability.Files;

namespace DisruptorStream.Durability.Journal.Reading;

/// <summary>Memory into which files are read. It does not move, and begins at a multiple of 8.</summary>
internal sealed unsafe class PinnedBytes
{
    private byte[] _bytes;

    /// <param name="length">In bytes: 0 or more.</param>
    public PinnedBytes(long length) => _bytes = Allocate(length);

    public byte* Address => (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, 0);

    /// <summary>Makes room for more; what was there is lost.</summary>
    public void Grow(long length)
    {
        if (length > _bytes.Length)
            _bytes = Allocate(length);
    }

    /// <summary>Reads a file from its beginning.</summary>
    /// <returns>How many bytes it had.</returns>
    public long Fill(IFile file)
    {
        var done = 0;
        while (done < _bytes.Length)
        {
            var read = file.Read(done, _bytes.AsSpan(done));
            if (read == 0)
                break;
            done += read;
        }

        return done;
    }

    private static byte[] Allocate(long length) =>
        GC.AllocateUninitializedArray<byte>((int)Math.Clamp(length, 1, Array.MaxLength), pinned: true);
}
