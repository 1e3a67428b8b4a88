using Xunit;

namespace AgentGateway.Tests.Cel.Functions;

public sealed class NetworkFunctionTests
{
    [Theory]
    [InlineData("string(ip('192.168.0.1')) == '192.168.0.1'")]
    [InlineData("isIP('::1') && isIP('1.2.3.4') && !isIP('1.2.3') && !isIP('1.2.3.4.5') && !isIP('01.2.3.4') && !isIP('256.1.1.1') && !isIP('') && !isIP('fe80::1%eth0')")]
    [InlineData("!isIP('2001:db8:::68') && !isIP('1::2::3') && !isIP(':1') && !isIP('1:') && !isIP('1:2:3:4:5:6:7:8:9') && !isIP('12345::')")]
    [InlineData("ip('1:2:3:4:5:6:7:8') != ip('1:2:3:4:5:6:7:9') && string(ip('1:2:3:4:5:6:7::')) == '1:2:3:4:5:6:7:0'")]
    [InlineData("string(ip('2001:DB8:0:0:0:0:0:68')) == '2001:db8::68' && string(ip('::')) == '::' && string(ip('1::')) == '1::'")]
    [InlineData("string(ip('1:0:0:2:0:0:0:3')) == '1:0:0:2::3' && string(ip('64:ff9b::1.2.3.4')) == '64:ff9b::102:304'")]
    [InlineData("ip.isCanonical('127.0.0.1') && !ip.isCanonical('2001:DB8::68')")]
    [InlineData("ip('::ffff:c0a8:1') == ip('192.168.0.1') && !isIP('::ffff:192.168.0.1')")]
    [InlineData("ip('10.0.0.1').family() == 4 && ip('::1').family() == 6 && ip('::1').isLoopback() && ip('127.8.8.8').isLoopback()")]
    [InlineData("ip('10.1.2.3').isGlobalUnicast() && !ip('255.255.255.255').isGlobalUnicast() && !ip('ff00::1').isGlobalUnicast()")]
    [InlineData("ip('169.254.1.1').isLinkLocalUnicast() && ip('fe80::1').isLinkLocalUnicast() && !ip('fec0::1').isLinkLocalUnicast()")]
    [InlineData("ip('224.0.0.1').isLinkLocalMulticast() && ip('ff02::1').isLinkLocalMulticast() && !ip('224.0.1.1').isLinkLocalMulticast()")]
    [InlineData("ip('0.0.0.0').isUnspecified() && ip('::').isUnspecified()")]
    [InlineData("type(ip('1.1.1.1')) == net.IP && type(cidr('1.1.1.1/8')) == net.CIDR")]
    [InlineData("cidr('192.168.0.0/24').containsIP('192.168.0.77') && !cidr('192.168.0.0/24').containsIP(ip('192.168.1.1'))")]
    [InlineData("cidr('0.0.0.0/0').containsIP('8.8.8.8') && cidr('::/0').containsIP('2001:db8::1') && !cidr('0.0.0.0/0').containsIP('::1')")]
    [InlineData("cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16') && !cidr('10.1.0.0/16').containsCIDR(cidr('10.0.0.0/8'))")]
    [InlineData("cidr('192.168.0.1/24').masked() == cidr('192.168.0.0/24') && cidr('192.168.0.1/24').ip() == ip('192.168.0.1') && cidr('2001:db8::/32').prefixLength() == 32")]
    [InlineData("string(cidr('2001:DB8::/32')) == '2001:db8::/32' && isCIDR('10.0.0.0/8') && !isCIDR('10.0.0.0/33') && !isCIDR('10.0.0.0/') && !isCIDR('10.0.0.0/08') && !isCIDR('10.0.0.0')")]
    [InlineData("toJson([ip('::1'), cidr('10.0.0.0/8')]) == '[\"::1\",\"10.0.0.0/8\"]'")]
    public void Evaluate_Network_Holds(string source) => Assert.True(Expressions.Evaluate(source).IsTrue, Expressions.Evaluate(source).ToString());
}
