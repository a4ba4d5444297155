using System.Numerics;

namespace DisruptorStream.State.Sessions;

/// <summary>Puts sessions that fire in their order.</summary>
/// <remarks>
/// Ends lie all over their range as a rule. One pass deals them out to as many places of the same width, of which few
/// get more than one; the library sorts what shares a place.
/// </remarks>
internal sealed class DueOrder
{
    private const int Few = 16;
    private const int MostPlaces = 8192;

    private readonly int[] _firsts = new int[MostPlaces + 1];
    private DueSession[] _dealt = [];

    /// <exception cref="OperationCanceledException">The processor was aborted.</exception>
    public void Sort(Span<DueSession> due, CancellationToken abort = default)
    {
        if (due.Length <= Few)
        {
            due.Sort();
            return;
        }

        var (earliest, latest) = (long.MaxValue, long.MinValue);
        foreach (ref readonly var session in due)
        {
            earliest = Math.Min(earliest, session.EndTicks);
            latest = Math.Max(latest, session.EndTicks);
        }

        var placeBits = Math.Min(BitOperations.Log2((uint)due.Length), BitOperations.Log2(MostPlaces) - 1) + 1;
        var rangeBits = BitOperations.Log2((ulong)(latest - earliest)) + 1;
        Deal(due, earliest, Math.Max(0, rangeBits - placeBits), _firsts.AsSpan(0, (1 << placeBits) + 1), abort);
    }

    private void Deal(
        Span<DueSession> due, long earliest, int shift, Span<int> firsts, CancellationToken abort)
    {
        if (_dealt.Length < due.Length)
            _dealt = new DueSession[BitOperations.RoundUpToPowerOf2((uint)due.Length)];
        firsts.Clear();
        foreach (ref readonly var session in due)
            firsts[(int)((ulong)(session.EndTicks - earliest) >> shift)]++;
        var sum = 0;
        foreach (ref var place in firsts)
            place = sum += place;

        // From where each place ends down to where it begins.
        foreach (ref readonly var session in due)
            _dealt[--firsts[(int)((ulong)(session.EndTicks - earliest) >> shift)]] = session;
        _dealt.AsSpan(0, due.Length).CopyTo(due);
        for (var place = 1; place < firsts.Length; place++)
        {
            abort.ThrowIfCancellationRequested();
            var first = firsts[place - 1];
            if (firsts[place] - first > 1)
                due[first..firsts[place]].Sort();
        }
    }
}
