using System.Collections.Immutable;
using System.Linq;
using DisruptorStream.Generators.Source;

namespace DisruptorStream.Generators.Keys;

/// <summary>Writes the source of a codec.</summary>
internal sealed class KeyCodecWriter
{
    private const string Codecs = "global::DisruptorStream.Codecs";
    private const string CodecName = "GeneratedKeyCodec";
    private const string Bytes = "global::System.ReadOnlySpan<byte>";

    private readonly KeyType _type;
    private readonly CodeWriter _code = new();

    private KeyCodecWriter(KeyType type) => _type = type;

    public static string FileOf(KeyType type) => CodeWriter.FileOf(type.Name, "KeyCodec");

    public static string Write(KeyType type)
    {
        var writer = new KeyCodecWriter(type);
        writer._code.Begin(
            type.Space, type.Declarations, $"[{Codecs}.KeyCodec(typeof({type.Name}.{CodecName}))]");
        writer.WriteCodec();
        return writer._code.End();
    }

    private void WriteCodec()
    {
        Line("/// <summary>Writes and reads keys.</summary>");
        Line("[global::System.CodeDom.Compiler.GeneratedCode(\"DisruptorStream.Generators\", \"1.0\")]");
        Line("[global::System.ComponentModel.EditorBrowsable(");
        Line("    global::System.ComponentModel.EditorBrowsableState.Never)]");
        Line($"internal sealed class {CodecName} : {Codecs}.IKeyCodec<{_type.Name}>");
        Open();
        for (var index = 0; index < _type.Members.Length; index++)
        {
            var codec = $"{Codecs}.IKeyCodec<{ValueType(_type.Members[index])}>";
            Line($"private static readonly {codec} Part{index} =");
            Line($"    {Codecs}.KeyCodecs.Require<{ValueType(_type.Members[index])}>();");
            Line("");
        }

        var names = _type.Members.Select(NameExpression);
        Line($"public string Name {{ get; }} = \"[\" + {string.Join(" + \",\" + ", names)} + \"]\";");
        Line("");
        WriteWrite();
        Line("");
        WriteRead();
        if (_type.IsReference || _type.Members.Any(IsNullable))
            WriteFlags();
        Close();
    }

    private static string NameExpression(KeyMember member, int index) =>
        $"\"{member.Name.TrimStart('@')}:\" + Part{index}.Name{(IsNullable(member) ? " + \"?\"" : "")}";

    private void WriteWrite()
    {
        Line($"public void Write({_type.Name} key, global::System.Buffers.IBufferWriter<byte> output)");
        Open();
        if (_type.IsReference)
        {
            Line("WriteFlag(output, key is not null);");
            Line("if (key is null)");
            Line("    return;");
        }

        for (var index = 0; index < _type.Members.Length; index++)
        {
            var member = _type.Members[index];
            if (IsNullable(member))
            {
                Line($"WriteFlag(output, key.{member.Name}.HasValue);");
                Line($"if (key.{member.Name} is {{ }} value{index})");
                Line($"    Part{index}.Write(value{index}, output);");
            }
            else
            {
                Line($"Part{index}.Write(key.{member.Name}!, output);");
            }
        }

        Close();
    }

    private void WriteRead()
    {
        Line($"public {_type.Name} Read({Bytes} source, out int bytesRead)");
        Open();
        Line("var rest = source;");
        Line("int length;");
        if (_type.IsReference)
        {
            Line("if (!ReadFlag(ref rest))");
            Open();
            Line("bytesRead = 1;");
            Line("return null!;");
            Close();
        }

        for (var index = 0; index < _type.Members.Length; index++)
        {
            if (IsNullable(_type.Members[index]))
            {
                Line($"{_type.Members[index].Type} part{index} = null;");
                Line("if (ReadFlag(ref rest))");
                Open();
                Line($"part{index} = Part{index}.Read(rest, out length);");
                Line("rest = rest[length..];");
                Close();
            }
            else
            {
                Line($"var part{index} = Part{index}.Read(rest, out length);");
                Line("rest = rest[length..];");
            }
        }

        Line("bytesRead = source.Length - rest.Length;");
        Line($"return new {_type.Name}({Arguments()}){Initializer()};");
        Close();
    }

    private string Arguments() => string.Join(", ", _type.Arguments.Select(member => $"part{member}"));

    private string Initializer()
    {
        var set = _type.Members
            .Select((member, index) => (member, index))
            .Where(one => one.member.Parameter.Length == 0)
            .Select(one => $"{one.member.Name} = part{one.index}")
            .ToImmutableArray();
        return set.IsEmpty ? "" : $" {{ {string.Join(", ", set)} }}";
    }

    private void WriteFlags()
    {
        Line("");
        Line("private static void WriteFlag(global::System.Buffers.IBufferWriter<byte> output, bool flag)");
        Open();
        Line("output.GetSpan(1)[0] = flag ? (byte)1 : (byte)0;");
        Line("output.Advance(1);");
        Close();
        Line("");
        Line($"private static bool ReadFlag(ref {Bytes} source)");
        Open();
        Line("if (source.IsEmpty || source[0] > 1)");
        Open();
        Line("throw new global::System.IO.InvalidDataException(");
        Line($"    \"The bytes are no key of the type {_type.Name.Replace("global::", "")}: they end too early or \"");
        Line("    + \"are damaged; read them with the codec that wrote them, or restore them from a copy.\");");
        Close();
        Line("");
        Line("var flag = source[0] == 1;");
        Line("source = source[1..];");
        Line("return flag;");
        Close();
    }

    private static bool IsNullable(KeyMember member) => member.Type.EndsWith("?", System.StringComparison.Ordinal);

    private static string ValueType(KeyMember member) => member.Type.TrimEnd('?');

    private void Open() => _code.Open();

    private void Close() => _code.Close();

    private void Line(string text) => _code.Line(text);
}
