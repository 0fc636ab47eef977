# shellcheck shell=bash
# TCP with the peer's servers (they_serve), as fast as it goes or at a rate, judged by SHA-256 at both ends; source it after theirs.sh.

# Pauses are short, so that a limited transfer is a steady one.
perl_send='use IO::Socket::IP; use Time::HiRes qw(time sleep); my ($host, $file, $rate) = @ARGV; open my $in, "<", $file or die; binmode $in;
  my $s = IO::Socket::IP->new(PeerHost => $host, PeerPort => 5001, Timeout => 10) or die "connect: $@";
  my ($b, $sent, $start) = ("", 0, time);
  while (my $n = sysread $in, $b, ($rate ? 16384 : 262144)) {
    for (my $at = 0; $at < $n;) { my $w = syswrite $s, $b, $n - $at, $at; defined $w or die "send: $!"; $at += $w }
    $sent += $n; if ($rate) { my $ahead = $sent / $rate - (time - $start); sleep $ahead if $ahead > 0 } }
  shutdown $s, 1; my $said = ""; 1 while sysread $s, $said, 100, length $said; print $said;'
perl_fetch='use IO::Socket::IP; use Time::HiRes qw(time sleep); my ($host, $rate) = @ARGV; binmode STDOUT;
  my $s = IO::Socket::IP->new(PeerHost => $host, PeerPort => 5002, Timeout => 10) or die "connect: $@";
  my ($b, $got, $start) = ("", 0, time);
  while (my $n = sysread $s, $b, ($rate ? 16384 : 262144)) {
    syswrite STDOUT, $b; $got += $n; if ($rate) { my $ahead = $got / $rate - (time - $start); sleep $ahead if $ahead > 0 } }
  close STDOUT or die;'

make_payload() { head -c $(($1 << 20)) /dev/urandom >"$work/payload" && our_hash=$(sha256sum <"$work/payload"); }   # MEGABYTES

send_to() { inside "$A" timeout "${3:-60}" perl -e "$perl_send" "$1" "$work/payload" "${2:-0}"; }   # ADDRESS RATE LIMIT
fetch_from() { inside "$A" timeout "${3:-60}" perl -e "$perl_fetch" "$1" "${2:-0}" | sha256sum; }   # ADDRESS RATE LIMIT

arrived() {   # HASH FILE
  [ "$(cut -c 1-64 "$2" 2>/dev/null)" = "${1%% *}" ] || { echo "hash $(cut -c 1-64 "$2") instead of ${1%% *}"; return 1; }
}

# both_ways NAME ADDRESS   one after the other
both_ways() {
  local t=$(now_ms)
  send_to "$2" 0 >"$work/sent.hash" 2>"$work/sent.log"
  check "$1, from us, hash equal" "$(tail -n 1 "$work/sent.log")" arrived "$our_hash" "$work/sent.hash"
  out_ms=$(($(now_ms) - t)) t=$(now_ms)
  fetch_from "$2" 0 >"$work/fetched.hash" 2>"$work/fetched.log"
  check "$1, to us, hash equal" "$(tail -n 1 "$work/fetched.log")" arrived "$their_hash" "$work/fetched.hash"
  in_ms=$(($(now_ms) - t))
  info "$out_ms ms out, $in_ms ms in"
}

# begin_both ADDRESS RATE LIMIT   both at once, in the background, at so many bytes per second
begin_both() {
  send_to "$1" "$2" "$3" >"$work/sent.hash" 2>"$work/sent.log" &
  process_of[sending]=$!
  fetch_from "$1" "$2" "$3" >"$work/fetched.hash" 2>"$work/fetched.log" &
  process_of[fetching]=$!
}

both_run() { kill -0 "${process_of[sending]}" && kill -0 "${process_of[fetching]}"; }

# end_both NAME   waits for them
end_both() {
  wait "${process_of[sending]}" "${process_of[fetching]}"
  unset 'process_of[sending]' 'process_of[fetching]'
  check "$1, from us, hash equal" "$(tail -n 1 "$work/sent.log")" arrived "$our_hash" "$work/sent.hash"
  check "$1, to us, hash equal" "$(tail -n 1 "$work/fetched.log")" arrived "$their_hash" "$work/fetched.hash"
}

# Sends groups of datagrams, each group by one call (UDP_SEGMENT, udp(7)) as QUIC does, to an echo. Each comes back whole, once, before the next
# group goes, so that nothing can be lost by haste. The last datagram of a group is shorter.
perl_groups='use IO::Socket::IP; use IO::Select; my ($host, $size, $group, $rounds) = @ARGV;
  my $s = IO::Socket::IP->new(PeerHost => $host, PeerPort => 5003, Proto => "udp") or die "socket: $@";
  setsockopt $s, 17, 103, pack("i", $size) or do { print "none"; exit };
  setsockopt $s, 1, 33, pack("i", 4 << 20);
  my $wait = IO::Select->new($s);
  for my $round (1 .. $rounds) {
    my %missing; my $all = "";
    for my $i (1 .. $group) {
      my $text = substr pack("nn", $round, $i) . join("", map { chr int rand 256 } 1 .. $size), 0, $i == $group ? $size - 1 : $size;
      $missing{$text}++; $all .= $text }
    syswrite $s, $all or die "round $round, send: $!";
    for my $i (1 .. $group) {
      $wait->can_read(5) or die "round $round: " . keys(%missing) . " of $group kinds missing";
      defined sysread $s, my $b, 65536 or die "round $round, receive: $!";
      exists $missing{$b} or die "round $round: a datagram of " . length($b) . " bytes that nobody sent";
      --$missing{$b} or delete $missing{$b} } }'

# groups NAME ADDRESS SIZE COUNT ROUNDS
groups() {
  inside "$A" timeout 60 perl -e "$perl_groups" "$2" "$3" "$4" "$5" >"$work/groups.said" 2>"$work/groups.log"
  local code=$?
  if [ "$(<"$work/groups.said")" = none ]; then skip "$1" "this kernel has no UDP_SEGMENT"
  elif [ $code = 0 ]; then ok "$1"
  else fail "$1" "$(tail -n 1 "$work/groups.log")"
  fi
}
