using System.Globalization;
using DisruptorStream.ClusterCrash.Nodes;
using DisruptorStream.ClusterCrash.Rounds;
using DisruptorStream.ClusterCrash.Servers;

const string Usage = """
    Runs two queries, one behind the other, in partitions on several processes, ends processes and servers in many ways,
    and checks that each result is in the log once and is that of one process; ends with "N passed, N failed".

      --log nats|postgresql   which log; its server is started and stopped here
      [--rounds N]            rounds of each way (1)
      [--seed S]              of the first round (0)
      [--ways A,B,…]          some of them: clean, kill-node, kill-server, kill-both, pause-node, two-owners,
                              cut-network, upgrade
      [--events N]            of each round (20,000)
      [--seconds N]           over which they are written (4)

      --log KIND --failover N   measures N kills of a node instead: how long until its partitions give results again
      [--standbys N]            of each partition (1)

    Exit code 0: all passed. 1: some failed. 2: the arguments cannot be read.
    """;

try
{
    if (args is ["node", .. var node])
        return await NodeCommand.RunAsync(NodeOptions.Parse(node));
    var kind = Text("--log") ?? throw new FormatException("Say which log: --log nats or --log postgresql.");
    if (Number("--failover", 0) is > 0 and var kills)
    {
        await FailoverCommand.RunAsync(LogServer.Checked(kind), kills, Number("--standbys", 1));
        return 0;
    }

    var ways = Text("--ways")?.Split(',').Select(FaultNames.Parse).ToArray() ?? Enum.GetValues<Fault>();
    var plan = new RoundPlan
    {
        Kind = LogServer.Checked(kind),
        Rounds = Number("--rounds", 1),
        Seed = Number("--seed", 0),
        Events = Number("--events", 20_000),
        Load = TimeSpan.FromSeconds(Number("--seconds", 4)),
        Ways = ways,
    };
    var (passed, failed) = await RoundCommand.RunAsync(plan);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{passed} passed, {failed} failed"));
    return failed == 0 ? 0 : 1;
}
catch (FormatException error)
{
    Console.Error.WriteLine(error.Message);
    Console.Error.WriteLine(Usage);
    return 2;
}

string? Text(string name)
{
    var at = Array.IndexOf(args, name);
    return at < 0 ? null : at + 1 < args.Length ? args[at + 1] : throw new FormatException($"{name} needs a value.");
}

int Number(string name, int usual) => Text(name) is { } text
    ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture)
    : usual;
