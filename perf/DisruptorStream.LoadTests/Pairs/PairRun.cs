namespace DisruptorStream.LoadTests.Pairs;

/// <summary>What one run of a workload by one build came to.</summary>
internal readonly record struct PairRun(double Seconds, long Events, long Results, ulong Digest, long AllocatedBytes)
{
    public double BytesPerEvent => (double)AllocatedBytes / Events;

    /// <summary>What must be the same for both builds.</summary>
    public (long Count, ulong Digest) Outcome => (Results, Digest);
}
