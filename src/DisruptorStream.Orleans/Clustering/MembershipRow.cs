using System.Globalization;
using System.Text.Json.Serialization;

namespace DisruptorStream.Orleans.Clustering;

/// <summary>A silo, as the table has it.</summary>
internal sealed record MembershipRow
{
    public required string Silo { get; init; }

    public required string Etag { get; init; }

    public required SiloStatus Status { get; init; }

    public required string Name { get; init; }

    public required string Host { get; init; }

    public required int ProxyPort { get; init; }

    public string? RoleName { get; init; }

    public int UpdateZone { get; init; }

    public int FaultZone { get; init; }

    public required DateTime StartTime { get; init; }

    public required DateTime IAmAliveTime { get; init; }

    /// <summary>Who suspects it, and since when.</summary>
    public required List<Suspicion> Suspicions { get; init; }

    /// <summary>When it was last known to live.</summary>
    [JsonIgnore]
    public DateTime LastSign => IAmAliveTime > StartTime ? IAmAliveTime : StartTime;

    public static MembershipRow Of(MembershipEntry entry, int version)
    {
        var suspicions = new List<Suspicion>();
        foreach (var (silo, at) in entry.SuspectTimes ?? [])
            suspicions.Add(new Suspicion(silo.ToParsableString(), at));
        return new MembershipRow
        {
            Silo = entry.SiloAddress.ToParsableString(),
            Etag = version.ToString(CultureInfo.InvariantCulture),
            Status = entry.Status,
            Name = entry.SiloName ?? "",
            Host = entry.HostName ?? "",
            ProxyPort = entry.ProxyPort,
            RoleName = entry.RoleName,
            UpdateZone = entry.UpdateZone,
            FaultZone = entry.FaultZone,
            StartTime = entry.StartTime,
            IAmAliveTime = entry.IAmAliveTime,
            Suspicions = suspicions,
        };
    }

    /// <summary>Whether it is that silo's.</summary>
    public bool Is(SiloAddress silo) => string.Equals(Silo, silo.ToParsableString(), StringComparison.Ordinal);

    public MembershipEntry ToEntry()
    {
        var suspects = new List<Tuple<SiloAddress, DateTime>>(Suspicions.Count);
        foreach (var (silo, at) in Suspicions)
            suspects.Add(Tuple.Create(SiloAddress.FromParsableString(silo), at));
        return new MembershipEntry
        {
            SiloAddress = SiloAddress.FromParsableString(Silo),
            Status = Status,
            SiloName = Name,
            HostName = Host,
            ProxyPort = ProxyPort,
            RoleName = RoleName,
            UpdateZone = UpdateZone,
            FaultZone = FaultZone,
            StartTime = StartTime,
            IAmAliveTime = IAmAliveTime,
            SuspectTimes = suspects,
        };
    }
}
