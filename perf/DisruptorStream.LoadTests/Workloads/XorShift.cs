namespace DisruptorStream.LoadTests.Workloads;

/// <summary>xorshift64*, Vigna 2016, from one seed: the same numbers every time.</summary>
internal struct XorShift
{
    private ulong _state;

    public XorShift() => _state = 0x9E37_79B9_7F4A_7C15;

    public ulong Next()
    {
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return _state * 2_685_821_657_736_338_717;
    }

    /// <summary>A value of an event: a multiple of 1/64, so that sums are exact in any order.</summary>
    public static double ValueOf(ulong random) => ((random >> 40) & 0xF_FFFF) / 64.0;
}
