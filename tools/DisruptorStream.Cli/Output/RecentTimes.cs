namespace DisruptorStream.Cli.Output;

/// <summary>The texts of the instants that were written last: the rows of one window have the same two.</summary>
internal sealed class RecentTimes
{
    private const string Form = "yyyy-MM-ddTHH:mm:ss.FFFFFFFZ";

    private readonly byte[][] _texts = [new byte[TimeText.MostCharacters], new byte[TimeText.MostCharacters]];
    private readonly int[] _lengths = [0, 0];
    private readonly long[] _ticks = [0, 0];
    private int _newest;

    /// <summary>ISO 8601, UTC, no more digits than needed; valid until the next call.</summary>
    /// <param name="ticks">Ticks since the Unix epoch.</param>
    public ReadOnlySpan<byte> TextOf(long ticks)
    {
        // The one before the newest comes next as a rule: a window's end after its beginning, or the other way.
        _newest ^= 1;
        if (_ticks[_newest] != ticks || _lengths[_newest] == 0)
        {
            _ticks[_newest] = ticks;
            _lengths[_newest] = TimeText.Write(ticks, _texts[_newest], Form);
        }

        return _texts[_newest].AsSpan(0, _lengths[_newest]);
    }
}
