using System.Runtime.InteropServices;

namespace DisruptorStream.Rings.Machine;

/// <summary>
/// Memory of one piece that grows. On Linux, one of 2 MB and more has its addresses reserved up to its limit, grows
/// where it is and has large pages where there are any; elsewhere, and where the system refuses that, it moves to a
/// place of its new size.
/// </summary>
/// <remarks>
/// One thread. Begins on a boundary of 64 bytes. Reserved addresses are no memory yet, and no promise of it: the system
/// counts them neither as used nor as committed. A large page is made at the first write to it, in a tenth to a fifth
/// of a millisecond.
/// </remarks>
internal sealed unsafe partial class GrowingMemory : IDisposable
{
    private const int AlignmentBytes = 64;
    private const int NoAccess = 0;
    private const int ReadAndWrite = 1 | 2;
    private const int PrivateAnonymous = 0x02 | 0x20;

    private readonly nuint _limitBytes;
    private byte* _memory;
    private nint _reserved;
    private bool _isRefused = !OperatingSystem.IsLinux();

    /// <param name="limitBytes">The most that it grows to.</param>
    public GrowingMemory(nuint limitBytes) => _limitBytes = limitBytes;

    // So that it begins at a large page.
    private nuint ReservedBytes => _limitBytes + MemoryPages.LargeBytes;

    /// <summary>Where it begins, which a growth may change; null before the first.</summary>
    public byte* Start => _memory;

    /// <summary>Grows.</summary>
    /// <param name="lengthBytes">How long it is from now on; at most its limit. What is new has any content.</param>
    /// <param name="usedBytes">How much of it is kept where it moves.</param>
    /// <exception cref="OutOfMemoryException">The system has no more memory.</exception>
    public void Grow(nuint lengthBytes, nuint usedBytes)
    {
        if (_reserved != 0 && TryCommit(_memory, lengthBytes))
            return;
        if (lengthBytes < MemoryPages.LargeBytes || !TryReserve(lengthBytes, usedBytes))
            Take((byte*)NativeMemory.AlignedAlloc(lengthBytes, AlignmentBytes), usedBytes);
    }

    /// <summary>Gives all of it back.</summary>
    public void Dispose()
    {
        Free();
        _memory = null;
    }

    private bool TryReserve(nuint lengthBytes, nuint usedBytes)
    {
        if (_isRefused)
            return false;
        var reserved = Map(0, ReservedBytes, NoAccess, PrivateAnonymous, -1, 0);
        _isRefused = reserved == -1;
        if (_isRefused)
            return false;
        var memory = (byte*)((nuint)(reserved + MemoryPages.LargeBytes - 1) & ~(nuint)(MemoryPages.LargeBytes - 1));
        if (!TryCommit(memory, lengthBytes))
        {
            _ = Unmap(reserved, ReservedBytes);
            return false;
        }

        Take(memory, usedBytes);
        _reserved = reserved;
        return true;
    }

    private void Take(byte* memory, nuint usedBytes)
    {
        Buffer.MemoryCopy(_memory, memory, usedBytes, usedBytes);
        Free();
        _memory = memory;
    }

    private void Free()
    {
        if (_reserved != 0)
            _ = Unmap(_reserved, ReservedBytes);
        else
            NativeMemory.AlignedFree(_memory);
        _reserved = 0;
    }

    private bool TryCommit(byte* memory, nuint lengthBytes)
    {
        _isRefused = Protect((nint)memory, lengthBytes, ReadAndWrite) != 0;
        if (!_isRefused)
            MemoryPages.AskForLarge((nint)memory, lengthBytes);
        return !_isRefused;
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Map(nint address, nuint lengthBytes, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Protect(nint address, nuint lengthBytes, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Unmap(nint address, nuint lengthBytes);
}
