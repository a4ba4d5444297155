using System.Text;
using DisruptorStream.Cli.Input;

namespace DisruptorStream.Cli.Tests.Input;

public sealed class RecordFormatTests
{
    [Theory]
    [InlineData("1,\"18 km ESE of Clam Gulch, Alaska\",x", "1", "18 km ESE of Clam Gulch, Alaska")]
    [InlineData("1,\"say \"\"hi\"\"\"", "1", "say \"hi\"")]
    [InlineData(",", "", "")]
    [InlineData("1,\"a\nb\",", "1", "a\nb")]
    [InlineData("1,\"\",\"x", "1", "")]
    public void Csv_Record_GivesTheFieldsAskedFor(string record, string first, string second)
    {
        var (problem, fields) = Csv("a,\"b\",c", ["a", "b"], record);

        Assert.Null(problem);
        Assert.Equal([first, second], fields);
    }

    [Theory]
    [InlineData("1", "it has 1 fields, and column 2 is needed")]
    [InlineData("1,\"x\"y", "the quotes of field 2")]
    [InlineData("1,\"x", "the quotes of field 2")]
    public void Csv_BrokenRecord_SaysWhatIsWrong(string record, string expected) =>
        Assert.Contains(expected, Csv("a,b,c", ["a", "b"], record).Problem, StringComparison.Ordinal);

    [Fact]
    public void Csv_ColumnIsMissing_NamesThoseThereAre() => Assert.Contains(
        "no column 'z'; the header names a, b",
        Assert.Throws<MissingColumnException>(() => Csv("a,b", ["z"], "1,2")).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"a":1.50,"b":"x\u00e9","deep":{"a":[1,{}]},"list":[1,2]}""", "1.50", "xé")]
    [InlineData("""{"list":[{"a":7}],"b":true,"a":null}""", "", "true")]
    public void Ndjson_Object_GivesTheMembersAskedFor(string record, string first, string second)
    {
        var (problem, fields) = Ndjson(record);

        Assert.Null(problem);
        Assert.Equal([first, second], fields);
    }

    [Theory]
    [InlineData("[1]", "not a JSON object")]
    [InlineData("{\"a\":", "not JSON")]
    [InlineData("{\"a\":[1]}", "'a' is an object or an array")]
    [InlineData("{} {}", "not JSON")]
    public void Ndjson_BrokenRecord_SaysWhatIsWrong(string record, string expected) =>
        Assert.Contains(expected, Ndjson(record).Problem, StringComparison.Ordinal);

    private static (string? Problem, string[] Fields) Csv(string header, string[] names, string record)
    {
        var format = RecordFormat.Create(InputFormat.Csv, names);
        format.ReadHeader(Encoding.UTF8.GetBytes(header));
        return Read(format, names.Length, record);
    }

    private static (string? Problem, string[] Fields) Ndjson(string record) =>
        Read(RecordFormat.Create(InputFormat.Ndjson, ["a", "b"]), 2, record);

    private static (string? Problem, string[] Fields) Read(RecordFormat format, int count, string record)
    {
        var fields = new FieldTable(count);
        fields.Clear();
        var problem = format.Read(Encoding.UTF8.GetBytes(record), fields);
        return (problem, [.. Enumerable.Range(0, count).Select(field => Encoding.UTF8.GetString(fields[field]))]);
    }
}
