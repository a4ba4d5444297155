using System.Runtime.InteropServices;

namespace DisruptorStream.Durability.Files;

/// <summary>A file of a <see cref="PosixFileSystem"/>.</summary>
internal sealed class PosixFile : HandleFile
{
    public PosixFile(string path, FileMode mode)
        : base(path, mode)
    {
    }

    public override void Write(long offset, ReadOnlySpan<FilePart> parts) =>
        GatheredWrite.Run(new Call(this), offset, parts);

    /// <summary>By fallocate, which only Linux has, and there not for each file system.</summary>
    public override bool TryReserve(long length)
    {
        if (!OperatingSystem.IsLinux())
            return false;
        while (PosixCalls.Reserve(Handle, mode: 0, offset: 0, length) < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error is PosixCalls.NotSupported or PosixCalls.NotImplemented)
                return false;
            if (error != PosixCalls.Interrupted)
                throw PosixCalls.LastError($"reserve {length} bytes for the file", Path);
        }

        return true;
    }

    public override void Sync()
    {
        while (SyncOnce() < 0)
        {
            if (Marshal.GetLastPInvokeError() != PosixCalls.Interrupted)
                throw PosixCalls.LastError("sync the file", Path);
        }
    }

    private long WriteSome(long offset, ReadOnlySpan<FilePart> parts)
    {
        while (true)
        {
            var written = PosixCalls.WriteGathered(Handle, in MemoryMarshal.GetReference(parts), parts.Length, offset);
            if (written > 0 || (written == 0 && LengthOf(parts) == 0))
                return written;
            if (written == 0)
            {
                throw new IOException(
                    $"Could not write to the file '{Path}' at byte {offset}: the system took nothing and gave no "
                    + "reason; check the file system.");
            }

            if (Marshal.GetLastPInvokeError() != PosixCalls.Interrupted)
                throw PosixCalls.LastError($"write {LengthOf(parts)} bytes at byte {offset} of the file", Path);
        }
    }

    private int SyncOnce() => OperatingSystem.IsMacOS()
        ? PosixCalls.Control(Handle, PosixCalls.FullSync)
        : PosixCalls.SyncData(Handle);

    private static long LengthOf(ReadOnlySpan<FilePart> parts)
    {
        var length = 0L;
        foreach (var part in parts)
            length += (long)part.Length;
        return length;
    }

    private readonly struct Call : IGatheredCall
    {
        private readonly PosixFile _file;

        public Call(PosixFile file) => _file = file;

        public long Write(long offset, ReadOnlySpan<FilePart> parts) => _file.WriteSome(offset, parts);
    }
}
