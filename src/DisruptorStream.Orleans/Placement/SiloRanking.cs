using System.IO.Hashing;
using System.Text;

namespace DisruptorStream.Orleans.Placement;

/// <summary>Which silo a partition belongs to, which one is next, and so on.</summary>
/// <remarks>
/// Highest random weight (D. Thaler and C. Ravishankar, 1998): each silo is weighed by a hash of the partition and of
/// itself. So a silo that comes or goes moves its own partitions only, and where the first one goes, the second has
/// been the standby.
/// </remarks>
internal static class SiloRanking
{
    /// <summary>The silo of a partition.</summary>
    /// <param name="partition">The partition's key.</param>
    /// <param name="silos">At least one.</param>
    public static SiloAddress First(string partition, IReadOnlyList<SiloAddress> silos)
    {
        var first = silos[0];
        for (var silo = 1; silo < silos.Count; silo++)
        {
            if (IsBefore(partition, silos[silo], first))
                first = silos[silo];
        }

        return first;
    }

    /// <summary>The place of a silo in the row; 0 for the first.</summary>
    /// <param name="partition">The partition's key.</param>
    /// <param name="silo">The silo.</param>
    /// <param name="silos">All of them.</param>
    public static int RankOf(string partition, SiloAddress silo, IReadOnlyList<SiloAddress> silos)
    {
        var rank = 0;
        foreach (var other in silos)
        {
            if (!other.Equals(silo) && IsBefore(partition, other, silo))
                rank++;
        }

        return rank;
    }

    private static bool IsBefore(string partition, SiloAddress one, SiloAddress other)
    {
        var (left, right) = (WeightOf(partition, one), WeightOf(partition, other));
        return left != right ? left > right : one.CompareTo(other) < 0;
    }

    private static ulong WeightOf(string partition, SiloAddress silo) =>
        XxHash3.HashToUInt64(Encoding.UTF8.GetBytes($"{partition}\0{silo.ToParsableString()}"));
}
