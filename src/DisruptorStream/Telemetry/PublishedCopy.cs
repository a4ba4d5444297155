using System.Runtime.InteropServices;

namespace DisruptorStream.Telemetry;

/// <summary>Figures of one writer that others read as of one instant, without holding the writer up.</summary>
/// <remarks>
/// The writer changes <see cref="Live"/> as it likes and shows it now and then; readers copy what was shown last, and
/// copy again where that changed meanwhile (a sequence lock). What the writer works with lies 128 bytes apart from
/// what is read.
/// </remarks>
internal sealed class PublishedCopy<TFigures>
    where TFigures : unmanaged
{
    private Places _places;

    /// <summary>The writer's own.</summary>
    public ref TFigures Live => ref _places.Live;

    /// <summary>Writer: shows the figures as they are now. Costs a comparison where nothing has changed.</summary>
    public void Publish()
    {
        if (Bytes(in _places.Live).SequenceEqual(Bytes(in _places.Shown)))
            return;
        var version = _places.Version;

        // An odd version tells readers to wait; the barrier keeps the copy behind it.
        _places.Version = version + 1;
        Volatile.WriteBarrier();
        _places.Shown = _places.Live;

        // Pairs with the first read in Read: who sees this version sees the copy.
        Volatile.Write(ref _places.Version, version + 2);
    }

    /// <summary>Writer: begins to show some figures, which are written to what this gives.</summary>
    public ref TFigures BeginChange()
    {
        // As in Publish.
        _places.Version++;
        Volatile.WriteBarrier();
        return ref _places.Shown;
    }

    /// <summary>Writer: what was changed is shown.</summary>
    // Pairs with the first read in Read.
    public void EndChange() => Volatile.Write(ref _places.Version, _places.Version + 1);

    /// <summary>The figures as they were when last shown. Any thread.</summary>
    public TFigures Read()
    {
        var spinner = default(SpinWait);
        while (true)
        {
            // Pairs with the write in Publish.
            var version = Volatile.Read(ref _places.Version);
            var copy = _places.Shown;
            Volatile.ReadBarrier();
            if ((version & 1) == 0 && version == Volatile.Read(ref _places.Version))
                return copy;
            spinner.SpinOnce();
        }
    }

    private static ReadOnlySpan<byte> Bytes(in TFigures figures) =>
        MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(in figures, 1));

    [StructLayout(LayoutKind.Sequential)]
    private struct Places
    {
        private readonly Padding _before;
        public TFigures Live;
        private readonly Padding _between;
        public TFigures Shown;
        public int Version;
        private readonly Padding _after;
    }
}
