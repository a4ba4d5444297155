using System.Runtime.CompilerServices;

namespace DisruptorStream.Ingest.Projections;

/// <summary>Reads one measure of the host's own events.</summary>
/// <remarks>Each selector is called as it was given, not by another one.</remarks>
internal readonly struct MeasureReader<TEvent>
{
    private readonly Func<TEvent, double>? _number;
    private readonly Func<TEvent, long>? _bits;

    /// <param name="number">Reads a double.</param>
    public MeasureReader(Func<TEvent, double> number) => _number = number;

    /// <param name="bits">Reads the 64 bits.</param>
    public MeasureReader(Func<TEvent, long> bits) => _bits = bits;

    /// <summary>The 64 bits of the measure.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Read(in TEvent published) =>
        _number is null ? _bits!(published) : BitConverter.DoubleToInt64Bits(_number(published));
}
