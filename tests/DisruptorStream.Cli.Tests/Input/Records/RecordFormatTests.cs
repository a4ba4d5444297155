using System.Text;
using DisruptorStream.Cli.Input;
using DisruptorStream.Cli.Input.Records;

namespace DisruptorStream.Cli.Tests.Input.Records;

public sealed class RecordFormatTests
{
    [Theory]
    [InlineData("1,\"18 km ESE of Clam Gulch, Alaska\",x", "1", "18 km ESE of Clam Gulch, Alaska")]
    [InlineData("1,\"say \"\"hi\"\"\",", "1", "say \"hi\"")]
    [InlineData(",,", "", "")]
    [InlineData("1,\"a\nb\",", "1", "a\nb")]
    [InlineData("1,5\" pipe,x\"", "1", "5\" pipe")]
    [InlineData("1,\\\"a,x", "1", "\\\"a")]
    public void Csv_Record_GivesTheFieldsAskedFor(string record, string first, string second)
    {
        var (problem, fields) = Csv("a,\"b\",c", ["a", "b"], record);

        Assert.Null(problem);
        Assert.Equal([first, second], fields);
    }

    [Theory]
    [InlineData("1", "it has 1 field, and the header has 3")]
    [InlineData("1,2,3,4", "it has 4 fields, and the header has 3")]
    [InlineData("1,\"x\"y,", "the quotes of field 2 are not closed before")]
    [InlineData("1,2,\"x\"y", "the quotes of field 3 are not closed before")]
    [InlineData("1,\"x\ny\nz", "the quotes of field 2 open on line 7 and are never closed; what follows belongs to "
        + "them, 2 further lines")]
    [InlineData("1,\"x\ny\",\"z", "the quotes of field 3 open on line 8 and are never closed")]
    public void Csv_BrokenRecord_SaysWhatIsWrong(string record, string expected) =>
        Assert.Contains(expected, Csv("a,b,c", ["a", "b"], record).Problem, StringComparison.Ordinal);

    [Fact]
    public void Csv_ColumnIsMissing_NamesThoseThereAre() => Assert.Contains(
        "no column 'z'; the header names a, b",
        Assert.Throws<MissingColumnException>(() => Csv("a,b", ["z"], "1,2")).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Csv_NameTwice_IsAnErrorWhereItIsAskedFor()
    {
        Assert.Null(Csv("a,b,b", ["a"], "1,2,3").Problem);
        Assert.Contains(
            "names 'b' twice, in columns 2 and 3",
            Assert.Throws<MissingColumnException>(() => Csv("a,b, b ", ["a", "b"], "1,2,3")).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a,\"b")]
    [InlineData("a,\"b\"x,c")]
    public void Csv_QuotesOfTheHeaderAreBroken_IsAnError(string header) =>
        Assert.Throws<InvalidDataException>(() => Csv(header, ["a"], "1,2"));

    [Theory]
    [InlineData("1", "1", "")]
    [InlineData("1,2,3,4", "1", "2")]
    public void Csv_Ragged_IsTaken(string record, string first, string second)
    {
        var format = RecordFormat.Create(InputFormat.Csv, ["a", "b"], isRagged: true);
        ReadHeader(format, "a,b,c");
        var (problem, fields) = Read(format, 2, record);

        Assert.Null(problem);
        Assert.Equal([first, second], fields);
    }

    [Theory]
    [InlineData("""{"a":1.50,"b":"x\u00e9","deep":{"a":[1,{}]},"list":[1,2]}""", "1.50", "xé")]
    [InlineData("""{"list":[{"a":7}],"b":true,"a":null}""", "", "true")]
    [InlineData("""{"\ud800":1,"\u0061":"\ud83d\ude00","b":"\"\\\/\b\f\n\r\t"}""", "\ud83d\ude00", "\"\\/\b\f\n\r\t")]
    [InlineData("""{"other":"\udc00","a":1,"a":2,"b":1,"b":null}""", "2", "")]
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
    [InlineData("{\"a\":\"\\ud800\"}", "'a' is no text")]
    [InlineData("{\"a\":\"\\udc00\\ud800\"}", "'a' is no text")]
    [InlineData("{\"a\":\"\\ud800x\"}", "'a' is no text")]
    public void Ndjson_BrokenRecord_SaysWhatIsWrong(string record, string expected) =>
        Assert.Contains(expected, Ndjson(record).Problem, StringComparison.Ordinal);

    [Theory]
    [InlineData("user.id", """{"user":{"name":"x","id":7}}""", "7")]
    [InlineData("items[1].price", """{"items":[{"price":1},{"price":2.5,"x":[]},{"price":3}]}""", "2.5")]
    [InlineData("user.id", """{"user.id":9}""", "9")]
    [InlineData("a[0][1]", """{"a":[[1,2],3]}""", "2")]
    [InlineData("a[0", """{"a[0":4}""", "4")]
    [InlineData("a..b", """{"a..b":5}""", "5")]
    [InlineData("user.id", """{"user":null}""", "")]
    [InlineData("user.id", """{"user":[1]}""", "")]
    public void Ndjson_Path_IsFollowed(string path, string record, string expected)
    {
        var (problem, fields) = Read(RecordFormat.Create(InputFormat.Ndjson, [path]), 1, record);

        Assert.Null(problem);
        Assert.Equal([expected], fields);
    }

    [Fact]
    public void Ndjson_BytesThatAreNotUtf8_AreABadLineWhereTheyAreAskedFor()
    {
        byte[] bad = [.. "{\"a\":\""u8, 0xE9, .. "\"}"u8];
        var fields = new FieldTable(1);
        fields.Clear();

        Assert.Contains("'a' is no text", RecordFormat.Create(InputFormat.Ndjson, ["a"]).Read(bad, 1, fields)!,
            StringComparison.Ordinal);
        Assert.Null(RecordFormat.Create(InputFormat.Ndjson, ["b"]).Read(bad, 1, fields));
    }

    [Fact]
    public void Ndjson_DeepNesting_IsPassedOver() => Assert.Null(Ndjson(
        $$"""{"x":{{new string('[', 5000)}}{{new string(']', 5000)}},"a":1}""").Problem);

    private static (string? Problem, string[] Fields) Csv(string header, string[] names, string record)
    {
        var format = RecordFormat.Create(InputFormat.Csv, names);
        ReadHeader(format, header);
        return Read(format, names.Length, record);
    }

    private static void ReadHeader(RecordFormat format, string header)
    {
        var bytes = Encoding.UTF8.GetBytes(header);
        format.Scanner.Reset();
        format.Scanner.Scan(bytes, isAtEnd: true);
        format.ReadHeader(bytes);
    }

    private static (string? Problem, string[] Fields) Ndjson(string record) =>
        Read(RecordFormat.Create(InputFormat.Ndjson, ["a", "b"]), 2, record);

    private static (string? Problem, string[] Fields) Read(RecordFormat format, int count, string record)
    {
        var fields = new FieldTable(count);
        fields.Clear();
        var bytes = Encoding.UTF8.GetBytes(record);
        format.Scanner.Reset();
        format.Scanner.Scan(bytes, isAtEnd: true);
        var problem = format.Read(bytes, 7, fields);
        return (problem, [.. Enumerable.Range(0, count).Select(field => Encoding.UTF8.GetString(fields[field]))]);
    }
}
