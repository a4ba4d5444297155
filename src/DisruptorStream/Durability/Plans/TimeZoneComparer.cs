using DisruptorStream.Durability.Plans.Records;

namespace DisruptorStream.Durability.Plans;

/// <summary>Says where the rules of time zones differ by which windows were cut and are cut now.</summary>
internal static class TimeZoneComparer
{
    /// <summary>A remark for each zone, as a sentence; none where nothing differs that is known of.</summary>
    public static IReadOnlyList<string> RemarksOn(RecordedPlan saved, RecordedPlan now)
    {
        var remarks = new List<string>();
        foreach (var zone in now.Zones)
        {
            foreach (var before in saved.Zones)
            {
                if (string.Equals(before.Id, zone.Id, StringComparison.Ordinal) && before.Rules != zone.Rules)
                {
                    remarks.Add(
                        $"The rules of the time zone {zone.Id} have changed{Versions(saved, now)}: calendar windows "
                        + "that differ begin and end by the new ones.");
                }
            }
        }

        if (now.HasKeyZones && saved.HasKeyZones && saved.TimeZoneVersion.Length > 0 && now.TimeZoneVersion.Length > 0
            && !string.Equals(saved.TimeZoneVersion, now.TimeZoneVersion, StringComparison.Ordinal))
        {
            remarks.Add(
                $"The rules of time zones have changed{Versions(saved, now)}: windows in the zones of keys that differ "
                + "begin and end by the new ones.");
        }

        return remarks;
    }

    private static string Versions(RecordedPlan saved, RecordedPlan now) =>
        saved.TimeZoneVersion.Length == 0 || now.TimeZoneVersion.Length == 0
            ? ""
            : $" (from {saved.TimeZoneVersion} to {now.TimeZoneVersion})";
}
