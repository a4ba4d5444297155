namespace DisruptorStream.Aggregation;

/// <summary>How the doubles of a sum or an average are added up. Sums of 64-bit integers are always exact.</summary>
public enum SumMode
{
    /// <summary>One addition for each event, in the order of publication; the error grows with their number.</summary>
    Plain = 0,

    /// <summary>
    /// The rounding errors are summed beside the sum and added in the end (Neumaier 1974): 8 bytes more, and an error
    /// that does not grow with the number of events below some 10^15. Depends on the order in the last bits.
    /// </summary>
    Compensated,

    /// <summary>
    /// Every bit is kept, and the true sum rounded once, to the nearest: the same whatever the order and the grouping
    /// (the small superaccumulator of Neal 2015, arXiv:1505.05571). 552 bytes for each key and window.
    /// </summary>
    Exact,
}
