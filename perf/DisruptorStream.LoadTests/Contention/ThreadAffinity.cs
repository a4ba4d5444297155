using System.Runtime.InteropServices;

namespace DisruptorStream.LoadTests.Contention;

/// <summary>
/// The calling thread may run on one processor alone until this is disposed; so may a process that it starts meanwhile,
/// for as long as that lives. Linux only.
/// </summary>
internal sealed unsafe partial class ThreadAffinity : IDisposable
{
    private const int MaskBytes = 128;

    private readonly byte[] _before = new byte[MaskBytes];
    private bool _isDisposed;

    /// <param name="processor">Which of the processors that the thread may use so far, from 0.</param>
    public ThreadAffinity(int processor)
    {
        fixed (byte* mask = _before)
            Check(GetAffinity(0, MaskBytes, mask));
        var allowed = Enumerable.Range(0, 8 * MaskBytes).Where(bit => (_before[bit / 8] >> (bit % 8) & 1) != 0);
        var chosen = allowed.ElementAt(processor);
        Span<byte> one = stackalloc byte[MaskBytes];
        one.Clear();
        one[chosen / 8] = (byte)(1 << (chosen % 8));
        fixed (byte* mask = one)
            Check(SetAffinity(0, MaskBytes, mask));
    }

    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        fixed (byte* mask = _before)
            Check(SetAffinity(0, MaskBytes, mask));
    }

    private static void Check(int result)
    {
        if (result < 0)
            throw new InvalidOperationException($"The affinity cannot be set: error {Marshal.GetLastPInvokeError()}.");
    }

    [LibraryImport("libc", EntryPoint = "sched_getaffinity", SetLastError = true)]
    private static partial int GetAffinity(int thread, nuint lengthBytes, byte* mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SetAffinity(int thread, nuint lengthBytes, byte* mask);
}
