using System.Globalization;
using System.Text;

namespace DisruptorStream.Cli.Tests.RealData;

/// <summary>Reads the data sets the slow and obvious way.</summary>
internal static class CsvRows
{
    public static IEnumerable<NaiveRow> Read(string path, string? key, string time, string value)
    {
        var lines = File.ReadLines(path).Where(line => line.Length > 0);
        List<string>? header = null;
        foreach (var line in lines)
        {
            var fields = Split(line);
            if (header is null)
            {
                header = fields;
                continue;
            }

            var number = fields[header.IndexOf(value)];
            yield return new NaiveRow(
                key is null ? "" : fields[header.IndexOf(key)],
                DateTime.Parse(
                    fields[header.IndexOf(time)],
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal).Ticks - DateTime.UnixEpoch.Ticks,
                number.Length == 0 ? null : double.Parse(number, CultureInfo.InvariantCulture));
        }
    }

    private static List<string> Split(string line)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var isQuoted = false;
        foreach (var one in line)
        {
            if (one == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (one == ',' && !isQuoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(one);
            }
        }

        fields.Add(field.ToString());
        return fields;
    }
}
